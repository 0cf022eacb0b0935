using System.Text.Json;
using System.Text.Json.Nodes;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Sessions;

namespace IotOps.Emulator.ControlPlane;

/// <summary>The things that a query finds. What a query means is the caller's to say: the emulator has no grammar.</summary>
internal sealed class FleetIndex(FleetStore store, Broker broker, Func<string, Func<JsonElement, bool>>? readQuery)
{
    public const string Name = "AWS_Things";
    public const string QueryVersion = "2017-09-30";

    /// <summary>The things found, by name.</summary>
    /// <exception cref="Refusal">The query is none, or nobody said how queries are read.</exception>
    public IEnumerable<(string Name, JsonElement Thing)> Find(string query)
    {
        Func<JsonElement, bool> isFound = Read(query);
        return store.Things().Select(thing => (thing.Name, Thing: thing.Now(Connectivity(thing.Name)))).Where(one => isFound(one.Thing));
    }

    private Func<JsonElement, bool> Read(string query)
    {
        if (readQuery is null)
        {
            return query == "*"
                ? _ => true
                : throw Refusal.NotImplemented($"The emulator reads no query but *; set {nameof(EmulatorOptions)}.{nameof(EmulatorOptions.FleetQuery)} to what reads '{query}'.");
        }

        try
        {
            return readQuery(query);
        }
        catch (FormatException e)
        {
            throw new Refusal(400, "InvalidQueryException", e.Message);
        }
    }

    private JsonObject? Connectivity(string thing)
    {
        if (broker.Connection(thing) is not { } state)
        {
            return null;
        }

        var connectivity = new JsonObject { ["connected"] = state.EndReason is null, ["timestamp"] = state.Since.ToUnixTimeMilliseconds() };
        if (state.EndReason is { } reason)
        {
            connectivity["disconnectReason"] = reason;
        }

        return connectivity;
    }
}
