#!/usr/bin/env bash
# System.IO.Abstractions 23.0.0: Flush(true) of a class derived from FileSystemStream does not reach the disk unless it is overridden.
#
# Expected: FileSystemStream stands for FileStream, so Flush(flushToDisk: true) asks the wrapped FileStream for the same.
# Seen:     the base class calls Flush() of the wrapped stream, so that the wrapped FileStream is never asked to flush to the disk. The
#           library's own wrapper overrides it; a file system of one's own (a decorator that counts, injects faults or encrypts) loses
#           every fsync without an error.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="System.IO.Abstractions" Version="[23.0.0]" /></ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.IO.Abstractions;

var file = new Counting("data");
using (var decorated = new Decorated(file))
{
    decorated.Write("a line"u8);
    decorated.Flush(flushToDisk: true);
    Console.WriteLine($"derived stream: {file.ToDisk} flushes to the disk");
}

var wrapped = new Counting("data");
using (FileSystemStream own = new FileSystem().FileStream.Wrap(wrapped))
{
    own.Write("a line"u8);
    own.Flush(flushToDisk: true);
    Console.WriteLine($"the library's wrapper: {wrapped.ToDisk} flushes to the disk");
}

sealed class Counting(string path) : FileStream(path, FileMode.Create)
{
    public int ToDisk { get; private set; }

    public override void Flush(bool flushToDisk)
    {
        ToDisk += flushToDisk ? 1 : 0;
        base.Flush(flushToDisk);
    }
}

sealed class Decorated(FileStream file) : FileSystemStream(file, file.Name, isAsync: false);
CS
output=$(dotnet run -v q)
echo "$output"
[[ $output == "derived stream: 0 flushes to the disk
the library's wrapper: 1 flushes to the disk" ]]
