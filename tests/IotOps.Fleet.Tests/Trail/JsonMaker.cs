using System.Text;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Tests.Trail;

/// <summary>Records of every shape, and damage to them.</summary>
internal static class JsonMaker
{
    private static readonly string[] Spaces = ["", "", "", " ", "\n  ", "\t\r\n"];
    private static readonly string[] Texts = ["", "x", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00", "é\u4E2D", "{", "]", ",", ":", "a longer text that fills more than one vector of a processor, to be sure"];
    private static readonly string[] Words = ["true", "false", "null", "0", "-1", "1.5", "2e3", "-0.1E-7", "\"text\""];

    public static string Record(Random random)
    {
        var json = new StringBuilder();
        Object(json, random, 3, isRecord: true);
        return json.ToString();
    }

    /// <summary>Changes, removes, repeats or inserts a few bytes.</summary>
    public static byte[] Damage(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        for (int i = random.Next(1, 4); i > 0 && damaged.Count > 1; i--)
        {
            int at = random.Next(1, damaged.Count);
            switch (random.Next(5))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.Insert(at, damaged[random.Next(damaged.Count)]);
                    break;
                case 3:
                    damaged.Insert(at, "{}[]\",:\\0-.eE+tfn \0\x1F\x7F"u8.ToArray()[random.Next(20)]);
                    break;
                default:
                    damaged.RemoveRange(at, Math.Min(random.Next(8), damaged.Count - at));
                    break;
            }
        }

        return [.. damaged];
    }

    private static void Object(StringBuilder json, Random random, int depth, bool isRecord)
    {
        json.Append('{').Append(Space(random));
        int members = random.Next(isRecord ? 8 : 4);
        for (int i = 0; i < members; i++)
        {
            string name = isRecord && random.Next(4) > 0 ? Name(random) : Text(random);
            json.Append(i > 0 ? "," : "").Append(Space(random)).Append('"').Append(name).Append('"').Append(Space(random)).Append(':').Append(Space(random));
            Value(json, random, depth - 1);
            json.Append(Space(random));
        }

        json.Append('}');
    }

    private static void Value(StringBuilder json, Random random, int depth)
    {
        switch (depth <= 0 ? 2 : random.Next(4))
        {
            case 0:
                Object(json, random, depth, isRecord: false);
                break;
            case 1:
                json.Append('[').Append(Space(random));
                for (int i = random.Next(4); i > 0; i--)
                {
                    Value(json, random, depth - 1);
                    json.Append(Space(random)).Append(i > 1 ? "," : "").Append(Space(random));
                }

                json.Append(']');
                break;
            case 2:
                json.Append(Words[random.Next(Words.Length)]);
                break;
            default:
                json.Append('"').Append(Text(random)).Append('"');
                break;
        }
    }

    private static string Name(Random random)
    {
        string name = RecordFields.Names[random.Next(RecordFields.Names.Count)];
        return random.Next(8) > 0 ? name : $"\\u{(int)name[0]:x4}{name[1..]}";
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Texts[random.Next(Texts.Length)]));

    private static string Space(Random random) => Spaces[random.Next(Spaces.Length)];
}
