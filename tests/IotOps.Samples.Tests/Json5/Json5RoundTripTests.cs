using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Samples.Json5;

namespace IotOps.Samples.Tests.Json5;

/// <summary>JSON is JSON5: what another writer writes is read back as it was.</summary>
public sealed class Json5RoundTripTests
{
    [Fact]
    public void Any_json_value_reads_back_equal()
    {
        Arbitrary<string> documents = Arb.From(Values(depth: 3).Select(Write));

        Prop.ForAll(documents, text => AreEqual(Json5Parser.Parse(text), JsonDocument.Parse(text).RootElement))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static Gen<object?> Values(int depth)
    {
        Gen<object?> scalar = Gen.OneOf(
            Gen.Constant<object?>(null),
            ArbMap.Default.GeneratorFor<bool>().Select(b => (object?)b),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(d => (object?)(double)d),
            ArbMap.Default.GeneratorFor<long>().Select(l => (object?)l),
            ArbMap.Default.GeneratorFor<UnicodeString>().Select(s => (object?)(s.Get ?? "")));
        if (depth == 0)
        {
            return scalar;
        }

        Gen<object?> below = Values(depth - 1);
        return Gen.OneOf(
            scalar,
            below.ListOf().Select(l => (object?)l.ToArray()),
            Gen.Zip(ArbMap.Default.GeneratorFor<UnicodeString>(), below).ListOf().Select(l => (object?)l
                .DistinctBy(p => p.Item1.Get, StringComparer.Ordinal)
                .ToDictionary(p => p.Item1.Get ?? "", p => p.Item2, StringComparer.Ordinal)));
    }

    private static string Write(object? value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            Write(json, value);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool b:
                json.WriteBooleanValue(b);
                break;
            case double d:
                json.WriteNumberValue(d);
                break;
            case long l:
                json.WriteNumberValue(l);
                break;
            case string s:
                json.WriteStringValue(s);
                break;
            case object?[] items:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case Dictionary<string, object?> members:
                json.WriteStartObject();
                foreach ((string name, object? member) in members)
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
        }
    }

    private static bool AreEqual(Json5Value ours, JsonElement theirs) => theirs.ValueKind switch
    {
        JsonValueKind.Null => ours.Kind == Json5Kind.Null,
        JsonValueKind.True or JsonValueKind.False => ours.Kind == Json5Kind.Boolean && ours.IsTrue == theirs.GetBoolean(),
        JsonValueKind.Number => ours.Kind == Json5Kind.Number
            && ours.Number.Equals(theirs.GetDouble())
            && (!theirs.TryGetInt64(out long whole) || (ours.TryGetInt64(out long read) && read == whole)),
        JsonValueKind.String => ours.Kind == Json5Kind.String && ours.Text == theirs.GetString(),
        JsonValueKind.Array => ours.Kind == Json5Kind.Array
            && ours.Items.Count == theirs.GetArrayLength()
            && ours.Items.Zip(theirs.EnumerateArray()).All(p => AreEqual(p.First, p.Second)),
        JsonValueKind.Object => ours.Kind == Json5Kind.Object
            && ours.Members.Select(m => m.Name).SequenceEqual(theirs.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal)
            && ours.Members.Zip(theirs.EnumerateObject()).All(p => AreEqual(p.First.Value, p.Second.Value)),
        _ => false,
    };
}
