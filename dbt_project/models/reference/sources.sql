-- Where the figures come from, read from the card of each source.
select * from {{ source('landing', 'sources') }}
