using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Shadow.Tests;

/// <summary>A message on its way, either way.</summary>
internal sealed record FakeMessage(string Topic, string Payload)
{
    public string Operation => Topic[(Topic.IndexOf("/shadow/", StringComparison.Ordinal) + "/shadow/".Length)..];

    public JsonObject Json => JsonNode.Parse(Payload)!.AsObject();

    public byte[] Bytes => Encoding.UTF8.GetBytes(Payload);

    public string? Token => (string?)Json["clientToken"];
}
