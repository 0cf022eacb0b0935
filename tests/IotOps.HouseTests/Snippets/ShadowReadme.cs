using System.Text.Json.Serialization;
using IotOps.Mqtt;
using IotOps.Shadow;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Shadow/README.md.</summary>
internal static class ShadowReadme
{
    public static async Task Untyped(IMqttConnection connection, CancellationToken stop)
    {
        await using var cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = "THING00001",
            StateDirectory = "/var/lib/my-agent/shadow",
            Shadows = [ShadowId.Classic, new ShadowId("config")],
        });
        cache.Start();

        DeviceShadow config = cache["config"];
        await config.Reported.SetAsync("wifi/rssi", -60, stop); // durable when it returns, sent when the cloud is in reach
        await foreach (ShadowDelta delta in config.DeltasAsync(stop))
        {
            if (delta.State.TryGet("interval", out ShadowValue? seconds))
            {
                Console.WriteLine($"From now on every {seconds.GetInt64()} s");
            }

            await config.AcceptDeltaAsync(delta, stop); // reported becomes what was desired
        }
    }

    public static async Task Typed(ShadowCache cache, CancellationToken stop)
    {
        Shadow<Thermostat> thermostat = cache["thermostat"].As(ThermostatJson.Default.Thermostat);
        await thermostat.ReportAsync(state => state with { Mode = "eco" }, stop); // sends Mode alone
        await foreach (ShadowDelta<Thermostat> delta in thermostat.DeltasAsync(stop))
        {
            Console.WriteLine($"{string.Join(", ", delta.Changed)}: now {delta.Desired.Target}");
            await thermostat.Untyped.AcceptDeltaAsync(delta.Untyped, stop);
        }
    }
}

// As the README shows them: in one piece.
#pragma warning disable MA0048
public sealed record Thermostat
{
    public double? Target { get; init; }

    public string? Mode { get; init; }
}

[JsonSerializable(typeof(Thermostat))]
internal sealed partial class ThermostatJson : JsonSerializerContext;
