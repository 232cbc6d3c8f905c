"""The pages behind a family's own addresses. To look changes nothing; every act is a POST with a permit. Whoever holds
the address holds the page, so it shows little."""
