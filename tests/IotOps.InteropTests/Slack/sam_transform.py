"""What CloudFormation makes of a SAM template, as JSON: sam_transform.py TEMPLATE"""
import json, os, sys
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
from cfnlint.decode import decode
from samtranslator.translator.transform import transform

class Policies:
    def load(self):
        return {}

template, errors = decode(sys.argv[1])
assert not errors, errors
document = json.loads(json.dumps(template))
for resource in document["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://bucket/key"
parameters = {name: value.get("Default", "x") for name, value in document["Parameters"].items()}
print(json.dumps(transform(document, parameters, Policies())))
