using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Sync;

/// <summary>A request that waits for its answer.</summary>
internal sealed class ShadowRequest(RequestKind kind, string token, long version, ShadowValue? patch)
{
    public RequestKind Kind => kind;

    /// <summary>Comes back with the answer.</summary>
    public string Token => token;

    /// <summary>The version that was known when it was sent.</summary>
    public long Version => version;

    /// <summary>What an update changes.</summary>
    public ShadowValue? Patch => patch;

    /// <summary>When it is no longer waited for.</summary>
    public TimeSpan Deadline { get; set; }

    /// <summary>Ends with the answer; null when nobody traces.</summary>
    public Activity? Span { get; init; }

    public string Operation => kind switch
    {
        RequestKind.Get => "get",
        RequestKind.Update => "update",
        _ => "delete",
    };

    /// <summary>The payload.</summary>
    /// <param name="withVersion">Lets the service refuse an update of a version that is no longer the newest.</param>
    public byte[] Payload(bool withVersion)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (patch?.ByteLength ?? 0));
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Compact))
        {
            writer.WriteStartObject();
            if (patch is not null)
            {
                writer.WritePropertyName("state"u8);
                patch.WriteTo(writer);
            }

            if (withVersion)
            {
                writer.WriteNumber("version"u8, version);
            }

            writer.WriteString("clientToken"u8, token);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
