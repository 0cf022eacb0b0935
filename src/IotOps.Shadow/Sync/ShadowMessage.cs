using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Sync;

/// <summary>What the service said about one shadow.</summary>
internal sealed class ShadowMessage
{
    public required MessageKind Kind { get; init; }

    /// <summary>The sections, or those of an update, or the delta itself; may hold nulls.</summary>
    public ShadowValue? State { get; init; }

    public ShadowValue? Metadata { get; init; }

    /// <summary>0 when it was not said.</summary>
    public long Version { get; init; }

    /// <summary>Unix seconds; 0 when it was not said.</summary>
    public long Timestamp { get; init; }

    public string Token { get; init; } = "";

    /// <summary>Why it was refused.</summary>
    public int Code { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>Reads a payload.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A member is of the wrong kind.</exception>
    public static ShadowMessage Read(MessageKind kind, ReadOnlySpan<byte> payload)
    {
        ShadowValue root = ShadowValue.Parse(payload);
        return new ShadowMessage
        {
            Kind = kind,
            State = root["state"],
            Metadata = root["metadata"],
            Version = root["version"]?.GetInt64() ?? 0,
            Timestamp = root["timestamp"]?.GetInt64() ?? 0,
            Token = root["clientToken"]?.GetString() ?? "",
            Code = (int)(root["code"]?.GetInt64() ?? 0),
            Reason = root["message"]?.GetString() ?? "",
        };
    }

    /// <summary>The whole state as a document: without nulls, and without sections that this package does not keep, such as the delta.</summary>
    public ShadowValue Document() => ShadowMerge.Prune(Sections(State)) ?? ShadowValue.EmptyObject;

    /// <summary>What an update says of the sections.</summary>
    public ShadowValue Patch() => State is { IsObject: true } ? Sections(State) ?? ShadowValue.EmptyObject : Everything();

    /// <summary>The metadata of the sections.</summary>
    public ShadowValue Times() => Sections(Metadata) ?? ShadowValue.EmptyObject;

    private static ShadowValue? Sections(ShadowValue? value)
    {
        if (value is not { IsObject: true })
        {
            return null;
        }

        var sections = new MemberList(2);
        sections.Add(SectionNames.Desired, value.Member(SectionNames.Desired));
        sections.Add(SectionNames.Reported, value.Member(SectionNames.Reported));
        return sections.ToObject();
    }

    // "state": null takes both sections away.
    private static ShadowValue Everything() =>
        ShadowValue.FromSorted([SectionNames.Desired, SectionNames.Reported], [ShadowValue.Null, ShadowValue.Null]);
}
