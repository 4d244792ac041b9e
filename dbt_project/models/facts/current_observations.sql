-- The figures to use today: of each figure that several publications give, the one that stands.
select * exclude (is_current)
from {{ ref('observations') }}
where is_current
