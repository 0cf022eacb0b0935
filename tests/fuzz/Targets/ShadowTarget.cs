using System.Text.Json;
using IotOps.Shadow;
using IotOps.Shadow.Documents;
using IotOps.Shadow.Sync;

namespace IotOps.Fuzz.Targets;

/// <summary>Two documents of a shadow, split by a zero byte: what the service said, and what the device has.</summary>
internal sealed class ShadowTarget : IFuzzTarget
{
    public string Name => "shadow";

    public IEnumerable<byte[]> Seeds => FuzzTargets.Bytes(
        """{"state":{"desired":{"a":1,"b":{"c":[1,2,{"d":null}]}},"reported":{"a":2}},"metadata":{"desired":{"a":{"timestamp":1}}},"version":3,"timestamp":5,"clientToken":"t"}""" + "\0" + """{"reported":{"a":2,"x":"y"}}""",
        """{"code":409,"message":"Version conflict","clientToken":"t"}""",
        """{"state":{"a":1.5e3,"b":"\u00e9\ud83d\ude00"},"version":9007199254740993}""" + "\0" + """{"a":1500,"b":{"c":{}}}""",
        """{"state":null}""" + "\0" + """{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}""");

    public IEnumerable<byte[]> Words => FuzzTargets.Bytes(
        "\0", "{", "}", "[", "]", ",", ":", "\"", "\"a\":", "\"b\":{", "null", "true", "-0", "0.1", "1e400", "1e-400", "123456789012345678901234567890", "\"\\ud800\"", "\"state\":", "\"desired\":", "\"reported\":", "\"version\":");

    public ulong Run(byte[] input)
    {
        var way = default(Way);
        int end = Array.IndexOf(input, (byte)0);
        ReadOnlySpan<byte> first = end < 0 ? input : input.AsSpan(0, end);
        Message(first, ref way);
        ShadowValue? one = Read(first, ref way);
        ShadowValue? two = end < 0 ? null : Read(input.AsSpan(end + 1), ref way);
        if (one is null || two is null)
        {
            return way.Hash;
        }

        ShadowValue? from = ShadowMerge.Prune(one);
        ShadowValue? to = ShadowMerge.Prune(two);
        if (from is { IsObject: true } && to is { IsObject: true })
        {
            ShadowValue? difference = ShadowMerge.Diff(from, to);
            ShadowValue? applied = ShadowMerge.Apply(from, difference);
            BrokenPromiseException.Unless(Equals(applied, to) || (applied is null && to.Count == 0), "a difference makes one document of the other");
            way.Count(difference?.ByteLength ?? 0);
            ShadowValue? delta = ShadowMerge.Delta(from, to);
            way.Count(delta?.ByteLength ?? 0);
        }

        return way.Hash;
    }

    private static void Message(ReadOnlySpan<byte> payload, ref Way way)
    {
        try
        {
            var message = ShadowMessage.Read(MessageKind.GetAccepted, payload);
            way.Count(message.Version);
            way.Count(message.Document().ByteLength);
            way.Count(message.Patch().ByteLength);
            way.Count(message.Times().ByteLength);
        }
        catch (JsonException)
        {
            way.Add(1);
        }
        catch (InvalidOperationException e)
        {
            way.Text(e.Message);
        }
    }

    private static ShadowValue? Read(ReadOnlySpan<byte> json, ref Way way)
    {
        ShadowValue value;
        try
        {
            value = ShadowValue.Parse(json);
        }
        catch (JsonException e)
        {
            way.Text(e.Message.Split(". ")[0]);
            return null;
        }

        byte[] written = value.ToUtf8Bytes();
        var again = ShadowValue.Parse(written);
        BrokenPromiseException.Unless(again.Equals(value) && again.GetHashCode() == value.GetHashCode(), "a document is the same after writing");
        BrokenPromiseException.Unless(again.ToUtf8Bytes().AsSpan().SequenceEqual(written), "a document has one text");
        way.Add((ulong)value.Kind);
        way.Count(value.Depth);
        way.Count(value.Count);
        return value;
    }
}
