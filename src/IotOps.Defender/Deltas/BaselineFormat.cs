using System.Buffers;
using System.Globalization;
using System.Text.Json;
using IotOps.Defender.Readings;
using IotOps.Shared;

namespace IotOps.Defender.Deltas;

/// <summary>
/// The state file: a line of JSON, and one with its CRC-32C, eight hexadecimal digits. An interface is its name and four counters: bytes and
/// packets in, bytes and packets out.
/// </summary>
internal static class BaselineFormat
{
    private const int Version = 1;
    private const int ChecksumLineBytes = 9;

    public static void Write(IBufferWriter<byte> output, string boot, string scope, ReadOnlySpan<InterfaceCounters> interfaces)
    {
        var content = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, Version);
            json.WriteString("boot"u8, boot);
            json.WriteString("scope"u8, scope);
            json.WriteStartArray("interfaces"u8);
            foreach (ref readonly InterfaceCounters each in interfaces)
            {
                json.WriteStartArray();
                json.WriteStringValue(each.Name);
                json.WriteNumberValue(each.BytesIn);
                json.WriteNumberValue(each.PacketsIn);
                json.WriteNumberValue(each.BytesOut);
                json.WriteNumberValue(each.PacketsOut);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        content.Write("\n"u8);
        output.Write(content.WrittenSpan);
        Span<byte> checksum = output.GetSpan(ChecksumLineBytes);
        _ = Checksum(content.WrittenSpan).TryFormat(checksum, out int digits, "x8", CultureInfo.InvariantCulture);
        checksum[digits] = (byte)'\n';
        output.Advance(digits + 1);
    }

    /// <summary>The counters, when the file is about this boot and these interfaces; null when it is about others.</summary>
    /// <exception cref="InvalidDataException">The file is torn, damaged or another program's.</exception>
    public static InterfaceReadings? Read(ReadOnlySpan<byte> file, string boot, string scope)
    {
        int line = file.IndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> checksum = file[line..];
        if (line == 0
            || checksum.Length != ChecksumLineBytes || checksum[^1] != '\n'
            || !uint.TryParse(checksum[..^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint expected)
            || expected != Checksum(file[..line]))
        {
            throw new InvalidDataException("its checksum does not match its content");
        }

        try
        {
            return Read(new Utf8JsonReader(file[..line]), boot, scope);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"it is no state of this package: {e.Message}", e);
        }
    }

    private static InterfaceReadings? Read(Utf8JsonReader json, string boot, string scope)
    {
        Expect(ref json, JsonTokenType.StartObject);
        ExpectName(ref json, "version"u8);
        if (!json.Read() || json.GetInt32() != Version)
        {
            throw new InvalidDataException($"its version is not {Version}");
        }

        ExpectName(ref json, "boot"u8);
        bool isSame = json.Read() && json.ValueTextEquals(boot);
        ExpectName(ref json, "scope"u8);
        isSame = json.Read() && json.ValueTextEquals(scope) && isSame;
        ExpectName(ref json, "interfaces"u8);
        Expect(ref json, JsonTokenType.StartArray);
        var interfaces = new InterfaceReadings();
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            Expect(ref json, JsonTokenType.String);
            interfaces.Add(new InterfaceCounters(json.GetString()!, Number(ref json), Number(ref json), Number(ref json), Number(ref json)));
            Expect(ref json, JsonTokenType.EndArray);
        }

        return isSame ? interfaces : null;
    }

    private static ulong Number(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.Number);
        return json.GetUInt64();
    }

    private static void ExpectName(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        Expect(ref json, JsonTokenType.PropertyName);
        if (!json.ValueTextEquals(name))
        {
            throw new JsonException("a member has another name");
        }
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
        {
            throw new JsonException("the members are not those of a state");
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes) => ~Crc32C.Append(Crc32C.Start, bytes);
}
