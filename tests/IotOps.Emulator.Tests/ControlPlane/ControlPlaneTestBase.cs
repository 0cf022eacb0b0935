using System.Text.Json;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

/// <summary>An emulator whose index knows the queries <c>*</c> and <c>name:PREFIX</c>, and a bare client of the control plane.</summary>
public abstract class ControlPlaneTestBase : DataPlaneTestBase
{
    private protected override EmulatorOptions EmulatorOptions => base.EmulatorOptions with { FleetQuery = Read };

    private protected Task<DataPlaneReply> CallAsync(string method, string path, string body = "") =>
        CallAsync(new HttpMethod(method), path, body, Signer("iot"));

    private protected static string[] Names(DataPlaneReply reply, string list, string? member = null) =>
        [.. reply.Body[list]!.AsArray().Select(item => (string)(member is null ? item! : item![member]!)!)];

    private static Func<JsonElement, bool> Read(string query) => query switch
    {
        "*" => _ => true,
        "connected" => thing => thing.TryGetProperty("connectivity", out JsonElement connectivity) && connectivity.GetProperty("connected").GetBoolean(),
        _ when query.StartsWith("name:", StringComparison.Ordinal) => thing => thing.GetProperty("thingName").GetString()!.StartsWith(query[5..], StringComparison.Ordinal),
        _ => throw new FormatException($"'{query}' is no query."),
    };
}
