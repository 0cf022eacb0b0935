"""Compares what a reader made of a zip with what went in: zip_compare.py EXPECTED.json zipfile ZIP | tree DIRECTORY"""
import hashlib
import json
import os
import sys
import zipfile


def told(data):
    return f"{len(data)} {hashlib.sha256(data).hexdigest()}"


def of_zipfile(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: told(archive.read(info)) for info in archive.infolist()}


def of_tree(directory):
    found = {}
    for parent, _, files in os.walk(directory):
        for file in files:
            path = os.path.join(parent, file)
            with open(path, "rb") as content:
                found[os.path.relpath(path, directory)] = told(content.read())
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = json.load(file)
    found = of_zipfile(sys.argv[3]) if sys.argv[2] == "zipfile" else of_tree(sys.argv[3])
    wrong = {name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)}
    for name in sorted(wrong)[:20]:
        print(f"{name}: expected {expected.get(name)}, found {found.get(name)}")
    print(f"{len(found)} entries, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
