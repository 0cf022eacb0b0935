#!/usr/bin/env bash
# MQTTnet 5.2.0.1603: MqttTopicFilterComparer does not match an empty level in the middle of a topic with "+".
#
# Expected: MQTT 5.0, 4.7.3 allows topic levels of no characters, and by 4.7.1.3 "+" matches one level: "a/+/c" matches "a//c", as
#           "+/+" matches "/finance" (the standard's example) and "a/+" matches "a/".
# Seen:     "a/+/c" does not match "a//c"; the other three match.
# Matters:  a client that routes messages to its subscriptions with this comparer drops such messages.
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
  <ItemGroup><PackageReference Include="MQTTnet" Version="[5.2.0.1603]" /></ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using MQTTnet;

foreach ((string topic, string filter) in new[] { ("a/b/c", "a/+/c"), ("a//c", "a/+/c"), ("/finance", "+/+"), ("a/", "a/+") })
{
    Console.WriteLine($"{filter} {topic} {MqttTopicFilterComparer.Compare(topic, filter)}");
}
CS
output=$(dotnet run -v q)
echo "$output"
[[ $output == 'a/+/c a/b/c IsMatch
a/+/c a//c NoMatch
+/+ /finance IsMatch
a/+ a/ IsMatch' ]]
