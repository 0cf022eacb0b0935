using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotOps.Logs.Files;

namespace IotOps.Logs.Checkpoints;

/// <summary>The checkpoint file: a line of JSON for the whole, one a source, and one with the SHA-256 of the lines above.</summary>
internal static class CheckpointFormat
{
    private const int Version = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(CheckpointState state, ArrayBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("version"u8, Version);
        json.WriteNumber("generation"u8, state.Generation);
        json.WriteNumber("nextId"u8, state.NextId);
        if (state.Owner is { } owner)
        {
            json.WriteString("thing"u8, owner.Thing);
            json.WriteString("machine"u8, owner.Machine);
        }

        json.WriteStartArray("patterns"u8);
        foreach (string pattern in state.Patterns)
        {
            json.WriteStringValue(pattern);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        EndLine(json, output);
        foreach (CheckpointEntry entry in state.Entries)
        {
            Write(entry, json);
            EndLine(json, output);
        }

        string hash = Convert.ToHexString(SHA256.HashData(output.WrittenSpan));
        json.WriteStartObject();
        json.WriteString("sha256"u8, hash);
        json.WriteEndObject();
        EndLine(json, output);
    }

    /// <exception cref="InvalidDataException">The file is not whole, or not a checkpoint.</exception>
    public static CheckpointState Read(ReadOnlySpan<byte> file)
    {
        try
        {
            int trailer = file.TrimEnd((byte)'\n').LastIndexOf((byte)'\n') + 1;
            string expected = Convert.ToHexString(SHA256.HashData(file[..trailer]));
            using (JsonDocument end = Parse(file[trailer..]))
            {
                if (end.RootElement.GetProperty("sha256"u8).GetString() != expected)
                {
                    throw new InvalidDataException("its checksum does not match its content");
                }
            }

            CheckpointState? state = null;
            for (ReadOnlySpan<byte> rest = file[..trailer]; !rest.IsEmpty;)
            {
                int lineEnd = rest.IndexOf((byte)'\n');
                using JsonDocument line = Parse(rest[..lineEnd]);
                if (state is null)
                {
                    state = ReadHeader(line.RootElement);
                }
                else
                {
                    state.Entries.Add(ReadEntry(line.RootElement));
                }

                rest = rest[(lineEnd + 1)..];
            }

            return state ?? throw new InvalidDataException("it is empty");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"it is not a checkpoint: {e.Message}", e);
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonDocument.ParseValue(ref reader);
    }

    private static CheckpointState ReadHeader(JsonElement header)
    {
        int version = header.GetProperty("version"u8).GetInt32();
        if (version != Version)
        {
            throw new InvalidDataException($"its version {version} is not {Version}");
        }

        List<string> patterns = [];
        foreach (JsonElement pattern in header.GetProperty("patterns"u8).EnumerateArray())
        {
            patterns.Add(pattern.GetString()!);
        }

        return new CheckpointState
        {
            Generation = header.GetProperty("generation"u8).GetInt64(),
            NextId = header.GetProperty("nextId"u8).GetInt64(),
            Patterns = patterns,
            Owner = header.TryGetProperty("machine"u8, out JsonElement machine)
                ? new StateOwner(OptionalString(header, "thing"u8), machine.GetString() ?? "")
                : null,
        };
    }

    private static void Write(CheckpointEntry entry, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, entry.Id);
        json.WriteString("pattern"u8, entry.Pattern);
        json.WriteString("path"u8, entry.Path);
        if (entry.Target is not null)
        {
            json.WriteString("target"u8, entry.Target);
        }

        if (entry.FoundAs is not null)
        {
            json.WriteString("foundAs"u8, entry.FoundAs);
            json.WriteNumber("firstSeenMs"u8, entry.FirstSeenMs);
        }

        if (entry.AbsentSinceMs != 0)
        {
            json.WriteNumber("absentSinceMs"u8, entry.AbsentSinceMs);
        }

        json.WriteNumber("device"u8, entry.Identity.Device);
        json.WriteNumber("inode"u8, entry.Identity.Inode);
        json.WriteBoolean("rotated"u8, entry.IsRotated);
        json.WriteNumber("offset"u8, entry.Offset);
        Write(entry.Head, "head"u8, json);
        json.WriteNumber("markOffset"u8, entry.Mark.Offset);
        Write(entry.Mark.Window, "mark"u8, json);
        json.WriteNumber("modifiedNs"u8, entry.ModifiedNs);
        if (entry.Time is { } time)
        {
            json.WriteNumber("timeMs"u8, time);
        }

        if (entry.Cursor is not null)
        {
            json.WriteString("cursor"u8, entry.Cursor);
        }

        json.WriteString("group"u8, entry.Destination.Group);
        json.WriteString("stream"u8, entry.Destination.Stream);
        json.WriteEndObject();
    }

    private static CheckpointEntry ReadEntry(JsonElement entry) => new()
    {
        Id = entry.GetProperty("id"u8).GetInt64(),
        Pattern = entry.GetProperty("pattern"u8).GetString()!,
        Path = entry.GetProperty("path"u8).GetString()!,
        Target = OptionalString(entry, "target"u8),
        FoundAs = OptionalString(entry, "foundAs"u8),
        FirstSeenMs = OptionalNumber(entry, "firstSeenMs"u8),
        AbsentSinceMs = OptionalNumber(entry, "absentSinceMs"u8),
        Identity = new FileIdentity(entry.GetProperty("device"u8).GetInt64(), entry.GetProperty("inode"u8).GetInt64()),
        IsRotated = entry.GetProperty("rotated"u8).GetBoolean(),
        Offset = entry.GetProperty("offset"u8).GetInt64(),
        Head = ReadFingerprint(entry.GetProperty("head"u8)),
        Mark = new WindowMark(entry.GetProperty("markOffset"u8).GetInt64(), ReadFingerprint(entry.GetProperty("mark"u8))),
        ModifiedNs = entry.GetProperty("modifiedNs"u8).GetInt64(),
        Time = entry.TryGetProperty("timeMs"u8, out JsonElement time) ? time.GetInt64() : null,
        Cursor = OptionalString(entry, "cursor"u8),
        Destination = new LogDestination(entry.GetProperty("group"u8).GetString()!, entry.GetProperty("stream"u8).GetString()!),
    };

    private static string? OptionalString(JsonElement entry, ReadOnlySpan<byte> name) =>
        entry.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static long OptionalNumber(JsonElement entry, ReadOnlySpan<byte> name) =>
        entry.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;

    private static void Write(Fingerprint fingerprint, ReadOnlySpan<byte> name, Utf8JsonWriter json)
    {
        Span<char> text = stackalloc char[48];
        text.TryWrite(CultureInfo.InvariantCulture, $"{fingerprint.Length}:{fingerprint.Hash:x32}", out int length);
        json.WriteString(name, text[..length]);
    }

    private static Fingerprint ReadFingerprint(JsonElement element)
    {
        string text = element.GetString()!;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return new Fingerprint(
            int.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture),
            UInt128.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static void EndLine(Utf8JsonWriter json, ArrayBufferWriter<byte> output)
    {
        json.Flush();
        output.Write("\n"u8);
        json.Reset();
    }
}
