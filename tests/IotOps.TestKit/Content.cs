using System.Text;

namespace IotOps.TestKit;

/// <summary>Bytes of several kinds, the same for the same seed.</summary>
public static class Content
{
    /// <summary>JSON lines; the last one is cut off at the length.</summary>
    public static byte[] Lines(int length, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 256);
        while (text.Length < length)
        {
            text.Append($"{{\"thingName\":\"THING{random.Next(40):00000}\",\"timestamp\":{1_696_118_400_000 + random.Next(86_400_000)},")
                .Append($"\"id\":\"{random.NextInt64():x16}\",\"temperature\":{random.NextDouble() * 40:0.000},\"mode\":\"{(random.Next(4) == 0 ? "HOLD" : "AUTO")}\"}}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    /// <summary>Lines that repeat pieces of earlier ones, at every distance up to beyond a window, some longer than the longest match.</summary>
    public static byte[] RepeatedLines(int length, int seed)
    {
        byte[] bytes = Lines(length, seed);
        var random = new Random(seed);
        for (int i = 1_000; i < length; i += random.Next(50, 1_000))
        {
            int piece = Math.Min(random.Next(4, 400), length - i);
            int distance = random.Next(1, Math.Min(i, 40_000));
            for (int k = 0; k < piece; k++)
            {
                bytes[i + k] = bytes[i + k - distance];
            }
        }

        return bytes;
    }

    /// <summary>Bytes that do not compress.</summary>
    public static byte[] Random(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>New bytes of an alphabet, or a piece of what went before: runs, overlaps, and matches at every distance.</summary>
    public static byte[] Repetitive(int length, int alphabet, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length;)
        {
            int piece = Math.Min(length - i, random.Next(1, 600));
            if (i == 0 || random.Next(3) == 0)
            {
                for (int k = 0; k < Math.Min(piece, 40); k++)
                {
                    bytes[i++] = (byte)random.Next(alphabet);
                    if (i == length)
                    {
                        break;
                    }
                }
            }
            else
            {
                int distance = random.Next(1, Math.Min(i, 60_000) + 1);
                for (int k = 0; k < piece; k++, i++)
                {
                    bytes[i] = bytes[i - distance];
                }
            }
        }

        return bytes;
    }
}
