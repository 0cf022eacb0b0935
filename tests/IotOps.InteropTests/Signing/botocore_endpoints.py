"""Where botocore calls: the hosts of all regions, or of one client whose environment and files come as JSON on stdin."""
import itertools
import json
import os
import sys
import tempfile

import botocore.session

SERVICES = ["logs", "s3", "iot", "iot-data", "batch", "sts", "cloudtrail"]


def hosts():
    session = botocore.session.Session()
    for service in SERVICES:
        client = session.create_client(service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        rules = client._ruleset_resolver._provider
        for partition in session.get_available_partitions():
            for region in session.get_available_regions("logs", partition):
                for fips, dual in itertools.product([False, True], repeat=2):
                    try:
                        url = rules.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual).url
                    except Exception:
                        url = None
                    yield [service, region, fips, dual, url]


def client(case):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as directory:
        for name in ["config", "credentials"]:
            with open(os.path.join(directory, name), "w") as file:
                file.write(case[name])
        os.environ.update(case["environment"])
        os.environ["AWS_CONFIG_FILE"] = os.path.join(directory, "config")
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.path.join(directory, "credentials")
        os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "x"
        session = botocore.session.Session()
        made = session.create_client("logs", region_name="us-east-1")
        sent = []

        def note(request, **_):
            sent.append(request.url)
            raise KeyboardInterrupt

        made.meta.events.register("before-send", note)
        try:
            made.describe_log_groups()
        except KeyboardInterrupt:
            return sent[0]


asked = json.load(sys.stdin)
json.dump([client(case) for case in asked] if asked else list(hosts()), sys.stdout)
