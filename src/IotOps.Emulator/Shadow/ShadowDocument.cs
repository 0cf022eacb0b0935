using System.Buffers;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>
/// A shadow as a value: state, metadata and version. See
/// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html.
/// </summary>
internal sealed record ShadowDocument
{
    /// <summary>One that never was.</summary>
    public static ShadowDocument None { get; } = new();

    public ShadowNode? Desired { get; init; }

    public ShadowNode? Reported { get; init; }

    /// <summary>Counts updates, over deletions too.</summary>
    public long Version { get; init; }

    public bool Exists { get; init; }

    /// <summary>What the device has to do; null when it has nothing to do.</summary>
    public ShadowNode? Delta => ShadowNode.Delta(Desired, Reported);

    /// <summary>The document that follows from an update.</summary>
    /// <param name="update">What to merge.</param>
    /// <param name="timestamp">Unix seconds, for the metadata.</param>
    /// <param name="options">Size limit.</param>
    /// <exception cref="Refusal">409 when the update is meant for another version, 413 when the document would be too large.</exception>
    public ShadowDocument Apply(ShadowUpdate update, long timestamp, EmulatedShadowOptions options)
    {
        if (update.Version is { } version && version != Version)
        {
            throw new Refusal(409, "ConflictException", "Version conflict");
        }

        var next = new ShadowDocument { Version = Version + 1, Exists = true };
        if (update.State.ValueKind != JsonValueKind.Null)
        {
            next = next with
            {
                Desired = Merge(Desired, update.Section("desired"), timestamp),
                Reported = Merge(Reported, update.Section("reported"), timestamp),
            };
        }

        return Bytes(next.Desired) + Bytes(next.Reported) <= options.MaxDocumentBytes
            ? next
            : throw new Refusal(413, "RequestEntityTooLargeException", "The payload exceeds the maximum size allowed");
    }

    /// <summary>The document after its deletion: nothing but the version, so that a new one goes on counting.</summary>
    public ShadowDocument Delete() => new() { Version = Version };

    private static ShadowNode? Merge(ShadowNode? current, JsonElement? patch, long timestamp) =>
        patch is { } section ? ShadowNode.Merge(current, section, timestamp) : current;

    private static int Bytes(ShadowNode? node)
    {
        if (node is null)
        {
            return 0;
        }

        var target = new ArrayBufferWriter<byte>(1_024);
        using var json = new Utf8JsonWriter(target, ShadowMessages.Format);
        node.WriteState(json);
        json.Flush();
        return target.WrittenCount;
    }
}
