namespace IotOps.Fuzz;

/// <summary>Makes input of other input, by the numbers of one seed.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words, int longest)
{
    private static readonly byte[] s_edges = [0, 1, 7, 0x0A, 0x20, 0x22, 0x2C, 0x3A, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0xC0, 0xE2, 0xF0, 0xFE, 0xFF];

    /// <param name="input">What to begin with; stays as it is.</param>
    /// <param name="other">Where pieces may come from.</param>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        List<byte> bytes = [.. input];
        for (int steps = 1 << random.Next(5); steps > 0; steps--)
        {
            Step(bytes, other);
        }

        return bytes.Count > longest ? bytes[..longest].ToArray() : [.. bytes];
    }

    private void Step(List<byte> bytes, byte[] other)
    {
        int at = random.Next(bytes.Count + 1);
        int count = Math.Min(1 << random.Next(8), bytes.Count - at);
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = s_edges[random.Next(s_edges.Length)];
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3 when at < bytes.Count:
                bytes[at] += (byte)random.Next(-4, 5);
                break;
            case 4:
                bytes.Insert(at, random.Next(2) == 0 ? s_edges[random.Next(s_edges.Length)] : (byte)random.Next(256));
                break;
            case 5:
                bytes.RemoveRange(at, count);
                break;
            case 6:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, count));
                break;
            case 7 when words.Count > 0:
                bytes.InsertRange(at, words[random.Next(words.Count)]);
                break;
            case 8 when other.Length > 0:
                int from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + (1 << random.Next(10)))]);
                break;
            case 9 when count > 0:
                // Once, and rarely very often: what nests, or is counted.
                List<byte> piece = bytes.GetRange(at, Math.Min(count, 16));
                for (int times = random.Next(16) == 0 ? 256 : random.Next(4); times > 0 && bytes.Count < longest; times--)
                {
                    bytes.InsertRange(at, piece);
                }

                break;
        }
    }
}
