using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.DataPlane;

/// <summary>What the data plane answered.</summary>
internal sealed record DataPlaneReply(int Status, string? Error, JsonNode Body)
{
    public string? Message => (string?)Body["message"];
}
