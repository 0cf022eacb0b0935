using System.Text;

namespace IotOps.Benchmarks;

/// <summary>Log lines that compress about as real ones do: the same for everyone who runs them.</summary>
internal static class LogText
{
    private static readonly string[] Words =
    [
        "accepted", "rejected", "timeout", "retry", "connect", "socket", "certificate", "expired", "battery", "sensor", "valve", "pump",
    ];

    /// <summary>Lines of exactly this many bytes, ASCII, without line ends.</summary>
    public static byte[][] Lines(int count, int bytes)
    {
        var random = new Random(20231001);
        return [.. Enumerable.Range(0, count).Select(number => Line(random, number, bytes))];
    }

    private static byte[] Line(Random random, int number, int bytes)
    {
        var text = new StringBuilder($"2023-10-01T12:{number / 60 % 60:00}:{number % 60:00}.{random.Next(1000):000}Z INFO  [{random.Next():x8}] ");
        while (text.Length < bytes)
        {
            text.Append(Words[random.Next(Words.Length)]).Append(' ');
        }

        text.Length = bytes;
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
