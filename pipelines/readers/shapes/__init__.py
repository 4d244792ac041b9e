"""One module per shape of file; `pipelines.readers.READERS` names them."""
