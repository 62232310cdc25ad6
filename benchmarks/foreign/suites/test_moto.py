"""Buckets and queues behind moto's server: S3 and SQS."""
# ruff: noqa: ARG001, D103

import re

import pytest

KEY = "/{bucket}/{key*}"
AUTH = "AWS4-HMAC-SHA256 Credential=AKIATEST/20270101/us-east-1/{}/aws4_request, Signature=0"


def s3(name="s3"):
    return {"authorization": AUTH.format(name)}


@pytest.fixture
def bucket(backend):
    name = backend.unique("gates")
    assert backend.put(f"/{name}", headers=s3()).status_code == 200
    return name


@pytest.fixture
def thing(backend, bucket):
    answer = backend.put(
        f"/{bucket}/plans/gate.txt",
        content=b"Two posts, four hinges.\n",
        headers={**s3(), "content-type": "text/plain", "x-amz-meta-colour": "green"},
    )
    assert answer.status_code == 200
    return f"/{bucket}/plans/gate.txt"


def sqs(backend, action, **members):
    return backend.post(
        "/",
        json=members,
        headers={
            **s3("sqs"),
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"AmazonSQS.{action}",
        },
    )


@pytest.fixture
def queue(backend):
    answer = sqs(backend, "CreateQueue", QueueName=backend.unique("jobs"))
    assert answer.status_code == 200
    return answer.json()["QueueUrl"]


@pytest.mark.characterization("PUT /{bucket}")
def test_make_a_bucket(backend):
    assert backend.put(f"/{backend.unique('fences')}", headers=s3()).status_code == 200


@pytest.mark.negative("PUT /{bucket}", scenario="a name that is none")
def test_make_a_bucket_with_a_bad_name(backend):
    assert backend.put("/No", headers=s3()).status_code == 400


@pytest.mark.characterization("GET /")
def test_all_buckets(backend, bucket):
    assert f"<Name>{bucket}</Name>" in backend.get("/", headers=s3()).text


@pytest.mark.negative("GET /{bucket}", scenario="no such bucket")
def test_no_such_bucket(backend):
    answer = backend.get("/nosuchbucket", headers=s3())
    assert answer.status_code == 404
    assert "NoSuchBucket" in answer.text


@pytest.mark.characterization(f"PUT {KEY}", f"GET {KEY}")
def test_read_an_object(backend, thing):
    answer = backend.get(thing, headers=s3())
    assert answer.text == "Two posts, four hinges.\n"
    assert answer.headers["x-amz-meta-colour"] == "green"


@pytest.mark.characterization(f"HEAD {KEY}")
def test_head_of_an_object(backend, thing):
    assert backend.head(thing, headers=s3()).headers["content-length"] == "24"


@pytest.mark.characterization(f"GET {KEY}")
def test_a_part_of_an_object(backend, thing):
    answer = backend.get(thing, headers={**s3(), "range": "bytes=4-8"})
    assert (answer.status_code, answer.text) == (206, "posts")


@pytest.mark.negative(f"GET {KEY}", scenario="no such key")
def test_no_such_key(backend, bucket):
    answer = backend.get(f"/{bucket}/none", headers=s3())
    assert answer.status_code == 404
    assert "NoSuchKey" in answer.text


@pytest.mark.characterization("GET /{bucket}")
def test_objects_of_a_bucket(backend, bucket, thing):
    backend.put(f"/{bucket}/zz.bin", content=bytes(range(200)), headers=s3())
    answer = backend.get(f"/{bucket}?list-type=2", headers=s3())
    assert re.findall("<Key>([^<]+)", answer.text) == ["plans/gate.txt", "zz.bin"]


@pytest.mark.characterization("GET /{bucket}")
def test_pages_of_objects(backend, bucket):
    for number in range(5):
        backend.put(f"/{bucket}/n{number}", content=b"x" * number, headers=s3())
    first = backend.get(f"/{bucket}?list-type=2&max-keys=2", headers=s3())
    token = re.search("<NextContinuationToken>([^<]+)", first.text)[1]
    second = backend.get(
        f"/{bucket}",
        params={"list-type": "2", "max-keys": "2", "continuation-token": token},
        headers=s3(),
    )
    assert re.findall("<Key>([^<]+)", second.text) == ["n2", "n3"]


@pytest.mark.characterization("GET /{bucket}")
def test_folders_of_a_bucket(backend, bucket, thing):
    answer = backend.get(f"/{bucket}?list-type=2&delimiter=/", headers=s3())
    assert "<Prefix>plans/</Prefix>" in answer.text


@pytest.mark.characterization(f"PUT {KEY}")
def test_copy_an_object(backend, bucket, thing):
    answer = backend.put(f"/{bucket}/copy.txt", headers={**s3(), "x-amz-copy-source": thing})
    assert "CopyObjectResult" in answer.text
    assert backend.get(f"/{bucket}/copy.txt", headers=s3()).content.startswith(b"Two")


@pytest.mark.characterization(f"DELETE {KEY}")
def test_delete_an_object(backend, thing):
    assert backend.delete(thing, headers=s3()).status_code == 204
    assert backend.get(thing, headers=s3()).status_code == 404


@pytest.mark.characterization(f"POST {KEY}", f"PUT {KEY}")
def test_upload_in_parts(backend, bucket):
    begun = backend.post(f"/{bucket}/large?uploads", headers=s3())
    upload = re.search("<UploadId>([^<]+)", begun.text)[1]
    part = backend.put(
        f"/{bucket}/large?partNumber=1&uploadId={upload}", content=b"a" * 5000, headers=s3()
    )
    tag = part.headers["etag"]
    done = backend.post(
        f"/{bucket}/large?uploadId={upload}",
        content="<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
        f"<ETag>{tag}</ETag></Part></CompleteMultipartUpload>",
        headers=s3(),
    )
    assert "CompleteMultipartUploadResult" in done.text


@pytest.mark.characterization("PUT /{bucket}", "GET /{bucket}")
def test_versions_of_an_object(backend, bucket):
    backend.put(
        f"/{bucket}?versioning",
        content="<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
        headers=s3(),
    )
    for text in (b"one", b"two"):
        backend.put(f"/{bucket}/v", content=text, headers=s3())
    answer = backend.get(f"/{bucket}?versions", headers=s3())
    assert answer.text.count("<Version>") == 2


@pytest.mark.characterization("POST /")
def test_make_a_queue(backend):
    answer = sqs(backend, "CreateQueue", QueueName=backend.unique("orders"))
    assert "/orders" in answer.json()["QueueUrl"]


@pytest.mark.characterization("POST /")
def test_send_and_receive(backend, queue):
    sent = sqs(backend, "SendMessage", QueueUrl=queue, MessageBody="Paint the gate").json()
    got = sqs(backend, "ReceiveMessage", QueueUrl=queue, MaxNumberOfMessages=5).json()
    assert got["Messages"][0]["MessageId"] == sent["MessageId"]
    handle = got["Messages"][0]["ReceiptHandle"]
    deleted = sqs(backend, "DeleteMessage", QueueUrl=queue, ReceiptHandle=handle)
    assert deleted.status_code == 200


@pytest.mark.characterization("POST /")
def test_attributes_of_a_queue(backend, queue):
    answer = sqs(backend, "GetQueueAttributes", QueueUrl=queue, AttributeNames=["All"])
    assert answer.json()["Attributes"]["ApproximateNumberOfMessages"] == "0"


@pytest.mark.characterization("POST /")
def test_all_queues(backend, queue):
    assert queue in sqs(backend, "ListQueues").json()["QueueUrls"]


@pytest.mark.negative("POST /", scenario="no such queue")
def test_no_such_queue(backend):
    answer = sqs(backend, "GetQueueUrl", QueueName="nothing")
    assert answer.status_code == 400


@pytest.mark.characterization("GET /moto-api/")
def test_the_page_of_the_server(backend):
    assert "<html" in backend.get("/moto-api/").text
