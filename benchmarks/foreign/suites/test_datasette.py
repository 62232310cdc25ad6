"""Tables behind datasette."""
# ruff: noqa: D103

import pytest

TABLE = "GET /{database}/{table}"


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert "garden" in backend.get("/").text


@pytest.mark.characterization("GET /{database}")
def test_a_database(backend):
    assert "plants" in backend.get("/garden").text


@pytest.mark.characterization("GET /{database}.json")
def test_a_database_as_json(backend):
    names = [table["name"] for table in backend.get("/garden.json").json()["tables"]]
    assert "plots" in names


@pytest.mark.characterization(TABLE)
def test_a_page_of_a_table(backend):
    assert "rose 4" in backend.get("/garden/plants").text


@pytest.mark.characterization("GET /{database}/{table}.json")
@pytest.mark.parametrize("shape", ["array", "objects", "arrays", "arrayfirst"])
def test_rows_in_a_shape(backend, shape):
    answer = backend.get("/garden/plants.json", params={"_shape": shape, "_size": 7})
    assert answer.status_code == 200


@pytest.mark.characterization("GET /{database}/{table}.json")
def test_page_after_page(backend):
    seen, after = 0, None
    while seen < 150:
        params = {"_size": 60, **({"_next": after} if after else {})}
        page = backend.get("/garden/plants.json", params=params).json()
        seen += len(page["rows"])
        after = page["next"]
        if not after:
            break
    assert seen == 150


@pytest.mark.characterization("GET /{database}/{table}.json")
def test_facets_and_a_filter(backend):
    params = {"_facet": "plot_id", "name__contains": "oak", "_sort_desc": "price", "_size": 5}
    found = backend.get("/garden/plants.json", params=params).json()
    assert found["filtered_table_rows_count"] == 38


@pytest.mark.characterization("GET /{database}/{table}.csv")
def test_a_table_as_csv(backend):
    answer = backend.get("/garden/plots.csv", params={"_size": "max"})
    assert answer.text.splitlines()[0] == "id,name,size,note"


@pytest.mark.characterization("GET /{database}/{table}.csv")
def test_all_rows_as_a_stream(backend):
    assert backend.get("/garden/plants.csv", params={"_stream": "1"}).text.count("\n") == 151


@pytest.mark.characterization("GET /{database}/{table}/{row}")
def test_a_row(backend):
    assert "North" in backend.get("/garden/plots/1").text


@pytest.mark.negative("GET /{database}/{table}/{row}", scenario="no such row")
def test_no_such_row(backend):
    assert backend.get("/garden/plots/99.json").status_code == 404


@pytest.mark.characterization("GET /{database}.json")
def test_a_query(backend):
    sql = "select plot_id, count(*) as n, avg(price) from plants group by plot_id"
    assert len(backend.get("/garden.json", params={"sql": sql}).json()["rows"]) == 3


@pytest.mark.negative("GET /{database}.json", scenario="a query that writes")
def test_a_query_that_writes(backend):
    assert backend.get("/garden.json", params={"sql": "delete from plots"}).status_code == 400


@pytest.mark.characterization("GET /-/{page}")
@pytest.mark.parametrize(
    "page", ["versions.json", "plugins.json", "databases.json", "threads.json"]
)
def test_what_it_says_of_itself(backend, page):
    assert backend.get(f"/-/{page}").status_code == 200
