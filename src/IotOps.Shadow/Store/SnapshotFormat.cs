using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using IotOps.Shadow.Documents;
using IotOps.Shared;

namespace IotOps.Shadow.Store;

/// <summary>
/// The bytes of a snapshot: readable JSON whose last member is the CRC-32C of what stands before it; encrypted, a journal's header
/// and that JSON behind a checksum of its own.
/// </summary>
internal static class SnapshotFormat
{
    private const int Format = 1;

    private static ReadOnlySpan<byte> ChecksumName => "\"crc32c\""u8;

    public static byte[] Write(string thing, long generation, IReadOnlyDictionary<ShadowId, ShadowState> states, Seal? seal)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Indented))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format"u8, Format);
            writer.WriteString("thing"u8, thing);
            writer.WriteNumber("generation"u8, generation);
            writer.WriteStartObject("shadows"u8);
            foreach ((ShadowId id, ShadowState state) in states)
            {
                writer.WritePropertyName(id.Name);
                StateChange.WriteWhole(writer, state);
            }

            writer.WriteEndObject();
            writer.Flush();
            writer.WriteString("crc32c"u8, Crc32C.Append(Crc32C.Start, buffer.WrittenSpan).ToString("x8", CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return seal is null ? buffer.WrittenSpan.ToArray() : Closed(generation, buffer.WrittenSpan, seal);
    }

    /// <summary>Reads a readable snapshot; null when it is damaged, and then it says in what way.</summary>
    public static Dictionary<ShadowId, ShadowState>? Read(ReadOnlySpan<byte> file, out long generation, out string problem)
    {
        generation = 0;
        int at = file.LastIndexOf(ChecksumName);
        if (at < 0)
        {
            problem = "it ends before its checksum";
            return null;
        }

        ReadOnlySpan<byte> covered = file[..at].TrimEnd(" \t\r\n"u8).TrimEnd((byte)',');
        try
        {
            ShadowValue root = ShadowValue.Parse(file);
            if (root["generation"] is not { } number || root["crc32c"] is not { } checksum
                || uint.Parse(checksum.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    != Crc32C.Append(Crc32C.Start, covered))
            {
                problem = "its checksum does not fit";
                return null;
            }

            if (root["format"]?.GetInt64() != Format)
            {
                problem = $"its format is {root["format"]}, and this version reads {Format}";
                return null;
            }

            generation = number.GetInt64();
            problem = "";
            return States(root["shadows"] ?? ShadowValue.EmptyObject);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            problem = $"it cannot be read: {e.Message}";
            return null;
        }
    }

    /// <summary>The content of an encrypted snapshot, still closed; false when it is damaged.</summary>
    public static bool TryReadClosed(ReadOnlySpan<byte> file, out long generation, out ReadOnlySpan<byte> closed)
    {
        closed = [];
        return StateFiles.Format.TryReadHeader(file, out generation, out _) && TryReadContent(file, generation, out closed);
    }

    // A snapshot may be longer than any record, so it has its length and checksum in fields of its own.
    private static bool TryReadContent(ReadOnlySpan<byte> file, long generation, out ReadOnlySpan<byte> closed)
    {
        closed = [];
        if (file.Length < JournalFormat.HeaderBytes + sizeof(uint))
        {
            return false;
        }

        closed = file[(JournalFormat.HeaderBytes + sizeof(uint))..];
        return BinaryPrimitives.ReadUInt32LittleEndian(file[JournalFormat.HeaderBytes..])
            == Crc32C.Append(Crc32C.Append(Crc32C.Start, generation), closed);
    }

    private static byte[] Closed(long generation, ReadOnlySpan<byte> json, Seal seal)
    {
        byte[] file = new byte[JournalFormat.HeaderBytes + sizeof(uint) + json.Length + Seal.Overhead];
        StateFiles.Format.Header(generation, StateFiles.EncryptedFlag).CopyTo(file, 0);
        Span<byte> closed = file.AsSpan(JournalFormat.HeaderBytes + sizeof(uint));
        seal.Close(generation, 0, json, closed);
        BinaryPrimitives.WriteUInt32LittleEndian(
            file.AsSpan(JournalFormat.HeaderBytes), Crc32C.Append(Crc32C.Append(Crc32C.Start, generation), closed));
        return file;
    }

    private static Dictionary<ShadowId, ShadowState> States(ShadowValue shadows)
    {
        Dictionary<ShadowId, ShadowState> states = [];
        for (int i = 0; i < shadows.Count; i++)
        {
            states[new ShadowId(shadows.NameSpan[i])] = StateChange.ReadWhole(shadows.ValueSpan[i]);
        }

        return states;
    }
}
