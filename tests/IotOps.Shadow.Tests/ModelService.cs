using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IotOps.Shadow.Tests;

/// <summary>AWS's shadow service in memory, on System.Text.Json's own nodes: it shares no code with what it tests.</summary>
internal sealed class ModelService(string thing)
{
    // The cache's loop and the test, as the cloud's other client, ask at the same time.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stored> _shadows = [];

    public int MaxBytes { get; set; } = 8192;

    public int MaxDepth { get; set; } = 8;

    /// <summary>What it says of a document that is too deep; null for AWS's own words.</summary>
    public string? DepthRefusal { get; set; }

    /// <summary>Seconds; moves with every accepted request.</summary>
    public long Clock { get; set; } = 1_700_000_000;

    /// <summary>Refuses requests with this, as long as it says so.</summary>
    public Func<FakeMessage, (int Code, string Message)?> Refuse { get; set; } = static _ => null;

    /// <summary>Lets the version begin again after a deletion, as AWS does once it has forgotten.</summary>
    public bool ForgetsVersions { get; set; }

    public string Prefix(string name) => name.Length == 0 ? $"$aws/things/{thing}/shadow/" : $"$aws/things/{thing}/shadow/name/{name}/";

    /// <summary>The sections; null when there is no shadow.</summary>
    public JsonObject? State(string name = "")
    {
        lock (_gate) { return _shadows.TryGetValue(name, out Stored? stored) && stored.Exists ? Copy(stored.State) : null; }
    }

    public long Version(string name = "")
    {
        lock (_gate) { return _shadows.TryGetValue(name, out Stored? stored) ? stored.Version : 0; }
    }

    /// <summary>Another client's update.</summary>
    public IEnumerable<FakeMessage> Update(string state, string name = "", string? token = null) =>
        Handle(new FakeMessage(Prefix(name) + "update", $$"""{"state":{{state}}{{(token is null ? "" : $",\"clientToken\":\"{token}\"")}}}"""));

    /// <summary>Another client's deletion.</summary>
    public IEnumerable<FakeMessage> Delete(string name = "") => Handle(new FakeMessage(Prefix(name) + "delete", "{}"));

    public IEnumerable<FakeMessage> Handle(FakeMessage request)
    {
        lock (_gate) { return Answer(request); }
    }

    private FakeMessage[] Answer(FakeMessage request)
    {
        string rest = request.Topic[$"$aws/things/{thing}/shadow/".Length..];
        string name = "";
        if (rest.StartsWith("name/", StringComparison.Ordinal))
        {
            string[] parts = rest.Split('/');
            (name, rest) = (parts[1], parts[2]);
        }

        JsonObject body = request.Payload.Length == 0 ? [] : request.Json;
        JsonNode? token = body["clientToken"]?.DeepClone();
        if (Refuse(request) is { } refusal)
        {
            return [Rejected(name, rest, refusal.Code, refusal.Message, token)];
        }

        return rest switch
        {
            "get" => Get(name, token),
            "delete" => Delete(name, token),
            _ => Update(name, body, token),
        };
    }

    private FakeMessage[] Get(string name, JsonNode? token)
    {
        if (!_shadows.TryGetValue(name, out Stored? stored) || !stored.Exists)
        {
            return [Rejected(name, "get", 404, $"No shadow exists with name: '{name}'", token)];
        }

        var document = new JsonObject
        {
            ["state"] = Copy(stored.State),
            ["metadata"] = Copy(stored.Metadata),
            ["version"] = stored.Version,
            ["timestamp"] = Clock,
        };
        if (Delta(stored.State["desired"], stored.State["reported"]) is { } delta)
        {
            document["state"]!["delta"] = delta;
        }

        return [Accepted(name, "get", document, token)];
    }

    private FakeMessage[] Delete(string name, JsonNode? token)
    {
        if (!_shadows.TryGetValue(name, out Stored? stored) || !stored.Exists)
        {
            return [Rejected(name, "delete", 404, "No shadow exists", token)];
        }

        Clock++;
        long version = stored.Version;
        _shadows[name] = new Stored { Version = ForgetsVersions ? 0 : version, Exists = false };
        return [Accepted(name, "delete", new JsonObject { ["version"] = version, ["timestamp"] = Clock }, token)];
    }

    private FakeMessage[] Update(string name, JsonObject body, JsonNode? token)
    {
        if (!_shadows.TryGetValue(name, out Stored? stored))
        {
            _shadows[name] = stored = new Stored();
        }

        if (token is not null && Encoding.UTF8.GetByteCount(token.GetValue<string>()) > 64)
        {
            return [Rejected(name, "update", 400, "Client token too long", token)];
        }

        if (body["version"] is { } expected && expected.GetValue<long>() != stored.Version)
        {
            return [Rejected(name, "update", 409, "Version conflict", token)];
        }

        JsonObject state = Copy(stored.State);
        JsonObject metadata = Copy(stored.Metadata);
        foreach (string section in (string[])["desired", "reported"])
        {
            if (body["state"] is not JsonObject change)
            {
                state.Remove(section);
                metadata.Remove(section);
            }
            else if (change.TryGetPropertyValue(section, out JsonNode? value))
            {
                if (HasNullInArray(value))
                {
                    return [Rejected(name, "update", 400, "State contains an invalid node", token)];
                }

                if (Depth(value) > MaxDepth)
                {
                    return [Rejected(name, "update", 400, DepthRefusal ?? $"JSON contains too many levels of nesting; maximum is {MaxDepth}", token)];
                }

                Merge(state, section, value);
                Merge(metadata, section, Times(value));
            }
        }

        if (state.Sum(static pair => Encoding.UTF8.GetByteCount(pair.Value!.ToJsonString())) > MaxBytes)
        {
            return [Rejected(name, "update", 413, "Too large", token)];
        }

        Clock++;
        _shadows[name] = stored = new Stored { State = state, Metadata = metadata, Version = stored.Version + 1, Exists = true };
        FakeMessage accepted = Accepted(
            name,
            "update",
            new JsonObject
            {
                ["state"] = body["state"]?.DeepClone(),
                ["metadata"] = body["state"] is JsonObject ? Times(body["state"]) : null,
                ["version"] = stored.Version,
                ["timestamp"] = Clock,
            },
            token);
        return Delta(state["desired"], state["reported"]) is { } delta
            ? [accepted, new FakeMessage(
                Prefix(name) + "update/delta",
                new JsonObject { ["version"] = stored.Version, ["timestamp"] = Clock, ["state"] = delta }.ToJsonString())]
            : [accepted];
    }

    public static bool Same(JsonNode? a, JsonNode? b)
    {
        if (a is JsonObject x && b is JsonObject y)
        {
            return x.Count == y.Count && x.All(pair => y.ContainsKey(pair.Key) && Same(pair.Value, y[pair.Key]));
        }

        if (a is JsonArray p && b is JsonArray q)
        {
            return p.Count == q.Count && p.Zip(q).All(static pair => Same(pair.First, pair.Second));
        }

        if (a is JsonValue && b is JsonValue && a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number)
        {
            return Exact(a.ToJsonString()) == Exact(b.ToJsonString());
        }

        return a?.ToJsonString() == b?.ToJsonString();
    }

    // A number as a whole one and the power of ten to multiply it with: the smallest such pair, so that equal numbers have the same.
    private static (BigInteger Digits, int Power) Exact(string number)
    {
        int e = number.IndexOfAny(['e', 'E']);
        string mantissa = e < 0 ? number : number[..e];
        int power = e < 0 ? 0 : int.Parse(number[(e + 1)..], CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        power -= point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        while (!digits.IsZero && digits % 10 == 0)
        {
            (digits, power) = (digits / 10, power + 1);
        }

        return digits.IsZero ? (digits, 0) : (digits, power);
    }

    private static void Merge(JsonObject parent, string name, JsonNode? patch)
    {
        if (patch is null)
        {
            parent.Remove(name);
        }
        else if (patch is JsonObject members)
        {
            JsonObject target = parent[name] as JsonObject ?? [];
            if (target.Parent is null)
            {
                parent[name] = target;
            }

            foreach ((string member, JsonNode? value) in members)
            {
                Merge(target, member, value);
            }

            if (target.Count == 0)
            {
                parent.Remove(name);
            }
        }
        else
        {
            parent[name] = patch.DeepClone();
        }
    }

    private static JsonNode? Delta(JsonNode? desired, JsonNode? reported)
    {
        if (desired is not JsonObject wanted)
        {
            return Same(desired, reported) ? null : desired?.DeepClone();
        }

        if (reported is not JsonObject said)
        {
            return wanted.DeepClone();
        }

        var delta = new JsonObject();
        foreach ((string member, JsonNode? value) in wanted)
        {
            if (Delta(value, said[member]) is { } differs)
            {
                delta[member] = differs;
            }
        }

        return delta.Count == 0 ? null : delta;
    }

    private JsonObject? Times(JsonNode? value)
    {
        if (value is not JsonObject members)
        {
            return value is null ? null : new JsonObject { ["timestamp"] = Clock };
        }

        var times = new JsonObject();
        foreach ((string member, JsonNode? inner) in members)
        {
            times[member] = Times(inner);
        }

        return times;
    }

    private static bool HasNullInArray(JsonNode? node) => node switch
    {
        JsonArray items => items.Any(static item => item is null || HasNullInArray(item)),
        JsonObject members => members.Any(static pair => HasNullInArray(pair.Value)),
        _ => false,
    };

    private static int Depth(JsonNode? node) => node switch
    {
        JsonObject { Count: > 0 } members => 1 + members.Max(static pair => Depth(pair.Value)),
        JsonArray { Count: > 0 } items => items.Max(Depth),
        _ => 0,
    };

    private static JsonObject Copy(JsonObject node) => node.DeepClone().AsObject();

    private FakeMessage Accepted(string name, string operation, JsonObject body, JsonNode? token) => Answer(name, operation + "/accepted", body, token);

    private FakeMessage Rejected(string name, string operation, int code, string message, JsonNode? token) =>
        Answer(name, operation + "/rejected", new JsonObject { ["code"] = code, ["message"] = message, ["timestamp"] = Clock }, token);

    private FakeMessage Answer(string name, string topic, JsonObject body, JsonNode? token)
    {
        if (token is not null)
        {
            body["clientToken"] = token.DeepClone();
        }

        return new FakeMessage(Prefix(name) + topic, body.ToJsonString());
    }

    private sealed class Stored
    {
        public JsonObject State { get; init; } = [];

        public JsonObject Metadata { get; init; } = [];

        public long Version { get; init; }

        public bool Exists { get; init; }
    }
}
