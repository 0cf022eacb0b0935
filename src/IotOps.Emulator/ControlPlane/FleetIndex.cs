using System.Text.Json;
using System.Text.Json.Nodes;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Sessions;

namespace IotOps.Emulator.ControlPlane;

/// <summary>The things that a query finds. What a query means is the caller's to say: the emulator has no grammar.</summary>
internal sealed class FleetIndex(FleetStore store, Broker broker, IndexingStore indexing, Func<string, Func<JsonElement, bool>>? readQuery)
{
    public const string Name = "AWS_Things";
    public const string QueryVersion = "2017-09-30";

    /// <summary>The things found, by name.</summary>
    /// <exception cref="Refusal">The query is none, or nobody said how queries are read.</exception>
    public IEnumerable<(string Name, JsonElement Thing)> Find(string query)
    {
        Func<JsonElement, bool> isFound = Read(query);
        IReadOnlyCollection<string> notIndexed = indexing.NotIndexed;
        return store.Things().Select(thing => (thing.Name, Thing: thing.Now(Connectivity(thing.Name), notIndexed))).Where(one => isFound(one.Thing));
    }

    /// <summary>Sees to it that things are indexed.</summary>
    /// <exception cref="Refusal">404: indexing is off.</exception>
    public void RequireOn()
    {
        if (indexing.IsOff)
        {
            throw new Refusal(404, "ResourceNotFoundException", $"There is no index {Name}: thing indexing is off.");
        }
    }

    /// <exception cref="Refusal">The query is none, or nobody said how queries are read.</exception>
    public void Check(string query) => Read(query);

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
