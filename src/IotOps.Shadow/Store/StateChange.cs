using System.Text.Json;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Store;

/// <summary>
/// One record of the journal: what has to be done to a shadow's state to get the next one. Records are patches of fields, so that those after
/// a damaged one still apply.
/// </summary>
internal static class StateChange
{
    private static readonly JsonEncodedText Shadow = JsonEncodedText.Encode("shadow");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText Exists = JsonEncodedText.Encode("exists");
    private static readonly JsonEncodedText Delete = JsonEncodedText.Encode("delete");
    private static readonly JsonEncodedText Cloud = JsonEncodedText.Encode("cloud");
    private static readonly JsonEncodedText Local = JsonEncodedText.Encode("local");
    private static readonly JsonEncodedText Metadata = JsonEncodedText.Encode("metadata");
    private static readonly JsonEncodedText Sent = JsonEncodedText.Encode("sent");

    /// <summary>Writes what differs.</summary>
    public static void Write(Utf8JsonWriter writer, ShadowId id, ShadowState from, ShadowState to)
    {
        writer.WriteStartObject();
        writer.WriteString(Shadow, id.Name);
        if (from.Version != to.Version)
        {
            writer.WriteNumber(Version, to.Version);
        }

        if (from.Timestamp != to.Timestamp)
        {
            writer.WriteNumber(Timestamp, to.Timestamp);
        }

        if (from.Exists != to.Exists)
        {
            writer.WriteBoolean(Exists, to.Exists);
        }

        if (from.DeletePending != to.DeletePending)
        {
            writer.WriteBoolean(Delete, to.DeletePending);
        }

        WriteValue(writer, Cloud, ShadowMerge.Diff(from.Cloud, to.Cloud));
        WriteValue(writer, Local, ShadowMerge.Diff(from.Local, to.Local));
        WriteValue(writer, Metadata, ShadowMerge.Diff(from.Metadata, to.Metadata));
        if (!ReferenceEquals(from.Sent, to.Sent))
        {
            WriteValue(writer, Sent, to.Sent ?? ShadowValue.Null);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a state whole, as one entry of the snapshot.</summary>
    public static void WriteWhole(Utf8JsonWriter writer, ShadowState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Version, state.Version);
        writer.WriteNumber(Timestamp, state.Timestamp);
        writer.WriteBoolean(Exists, state.Exists);
        if (state.DeletePending)
        {
            writer.WriteBoolean(Delete, state.DeletePending);
        }

        WriteValue(writer, Local, state.Local);
        if (!ReferenceEquals(state.Cloud, state.Local))
        {
            WriteValue(writer, Cloud, state.Cloud);
        }

        WriteValue(writer, Sent, state.Sent);
        WriteValue(writer, Metadata, state.Metadata);
        writer.WriteEndObject();
    }

    /// <summary>Reads an entry of the snapshot.</summary>
    public static ShadowState ReadWhole(ShadowValue entry)
    {
        ShadowValue local = entry["local"] ?? ShadowValue.EmptyObject;
        return Apply(ShadowState.Empty, entry).With(entry["cloud"] ?? local, local);
    }

    /// <summary>The state after a record.</summary>
    /// <exception cref="InvalidOperationException">A member is of the wrong kind.</exception>
    public static ShadowState Apply(ShadowState state, ShadowValue record)
    {
        ShadowValue? sent = record["sent"];
        ShadowState next = state.With(Merged(state.Cloud, record["cloud"]), Merged(state.Local, record["local"]));
        return next with
        {
            Version = record["version"]?.GetInt64() ?? state.Version,
            Timestamp = record["timestamp"]?.GetInt64() ?? state.Timestamp,
            Exists = record["exists"]?.GetBoolean() ?? state.Exists,
            DeletePending = record["delete"]?.GetBoolean() ?? state.DeletePending,
            Metadata = Merged(state.Metadata, record["metadata"]),
            Sent = sent is null ? state.Sent : sent.Kind == JsonValueKind.Null ? null : sent,
        };
    }

    private static ShadowValue Merged(ShadowValue document, ShadowValue? patch) => ShadowMerge.Apply(document, patch) ?? ShadowValue.EmptyObject;

    private static void WriteValue(Utf8JsonWriter writer, JsonEncodedText name, ShadowValue? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
