-- What sources print wrongly and how it is corrected: the entries of all ledgers, those withdrawn included.
select * from {{ source('landing', 'corrections') }}
