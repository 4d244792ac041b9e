"""From records to indicators: registers and their events, the rules that evaluate them, and what may leave.

Records never enter the published warehouse. They lie as Parquet under `warehouse/records/<register>/`, are read where
they lie, and only tables that passed disclosure control leave. Every record that this project ships is synthetic.
"""
