using System.Formats.Cbor;
using System.Text.Json.Nodes;

namespace IotOps.Defender.Tests.Wire;

/// <summary>.NET's own CBOR reader, which shares no code with this package, takes what is written.</summary>
public sealed class DotnetCborTests
{
    [Fact]
    public void Dotnets_own_reader_takes_all_cbor_and_writes_the_same_again() => RandomReports.Check(static report =>
    {
        foreach (DefenderNames names in (DefenderNames[])[DefenderNames.LongNames, DefenderNames.ShortNames])
        {
            byte[] ours = report.Encode(DefenderFormat.Cbor, names);
            var reader = new CborReader(ours, CborConformanceMode.Strict);
            var writer = new CborWriter(CborConformanceMode.Strict);
            Copy(reader, writer);
            reader.BytesRemaining.ShouldBe(0);
            Encoded.Hex(writer.Encode()).ShouldBe(Encoded.Hex(ours));
        }
    });

    [Fact]
    public void Both_formats_say_the_same() => RandomReports.Check(static report =>
    {
        foreach (DefenderNames names in (DefenderNames[])[DefenderNames.LongNames, DefenderNames.ShortNames])
        {
            JsonNode json = JsonNode.Parse(report.Encode(DefenderFormat.Json, names))!;
            var cbor = new CborReader(report.Encode(DefenderFormat.Cbor, names));
            JsonNode.DeepEquals(json, Node(cbor)).ShouldBeTrue();
        }
    });

    private static void Copy(CborReader reader, CborWriter writer)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                writer.WriteStartMap(reader.ReadStartMap());
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    writer.WriteTextString(reader.ReadTextString());
                    Copy(reader, writer);
                }

                reader.ReadEndMap();
                writer.WriteEndMap();
                break;
            case CborReaderState.StartArray:
                writer.WriteStartArray(reader.ReadStartArray());
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    Copy(reader, writer);
                }

                reader.ReadEndArray();
                writer.WriteEndArray();
                break;
            case CborReaderState.TextString:
                writer.WriteTextString(reader.ReadTextString());
                break;
            case CborReaderState.DoublePrecisionFloat:
                // The writer of .NET narrows a float where it can: the bytes are taken as they are.
                writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
                break;
            case CborReaderState.NegativeInteger:
                writer.WriteCborNegativeIntegerRepresentation(reader.ReadCborNegativeIntegerRepresentation());
                break;
            default:
                writer.WriteUInt64(reader.ReadUInt64());
                break;
        }
    }

    private static JsonNode? Node(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var map = new JsonObject();
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    string name = reader.ReadTextString();
                    map.Add(name, Node(reader));
                }

                reader.ReadEndMap();
                return map;
            case CborReaderState.StartArray:
                var list = new JsonArray();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    list.Add(Node(reader));
                }

                reader.ReadEndArray();
                return list;
            case CborReaderState.TextString:
                return JsonValue.Create(reader.ReadTextString());
            case CborReaderState.DoublePrecisionFloat:
                return JsonNode.Parse(reader.ReadDouble().ToString("R"));
            default:
                return JsonNode.Parse(reader.ReadInt64().ToString());
        }
    }
}
