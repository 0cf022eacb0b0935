using System.Diagnostics.CodeAnalysis;

namespace IotOps.Fuzz;

/// <summary>Runs a target once, and says what was wrong: an exception, time, memory.</summary>
internal sealed class Execution(IFuzzTarget target)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <summary>Buffers that a reader begins with, and a multiple of its input.</summary>
    private const long FreeBytes = 48 << 20;
    private const long BytesPerByte = 4_096;

    private const string Slow = "Time";

    /// <summary>Null when every promise was kept.</summary>
    public string? Run(byte[] input, out ulong way)
    {
        string? problem = Once(input, out way);

        // A busy machine makes one run long, and not the next one too.
        return problem?.StartsWith(Slow, StringComparison.Ordinal) == true ? Once(input, out way) : problem;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every exception that a target lets out is a find.")]
    private string? Once(byte[] input, out ulong way)
    {
        way = 0;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            way = target.Run(input);
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name} {e.Message}\n{e.StackTrace}";
        }

        TimeSpan time = TimeProvider.System.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return time > Longest ? $"{Slow} {time.TotalSeconds:F1} s over {input.Length} bytes"
            : bytes > FreeBytes + (BytesPerByte * input.Length) ? $"Memory {bytes >> 20} MiB over {input.Length} bytes"
            : null;
    }

    /// <summary>The kind of a find: finds of one kind are one. A promise is its words; an exception, where it was thrown.</summary>
    public static string KindOf(string problem)
    {
        string[] lines = problem.Split('\n');
        return lines[0].StartsWith(nameof(BrokenPromiseException), StringComparison.Ordinal)
            ? lines[0].Split(':')[0]
            : $"{lines[0].Split(' ')[0]} {lines.FirstOrDefault(static line => line.Contains(" IotOps.", StringComparison.Ordinal))?.Trim()}";
    }

    /// <summary>The shortest input that this way of taking pieces out leaves, and that still has the same problem.</summary>
    public byte[] Minimise(byte[] input, string kind)
    {
        bool shortened = true;
        for (int tries = 0; shortened && tries < 20; tries++)
        {
            shortened = false;
            for (int piece = Math.Max(1, input.Length / 2); piece > 0; piece /= 2)
            {
                for (int at = 0; at + piece <= input.Length;)
                {
                    byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(at + piece)];
                    if (Run(shorter, out _) is { } problem && KindOf(problem) == kind)
                    {
                        input = shorter;
                        shortened = true;
                    }
                    else
                    {
                        at += piece;
                    }
                }
            }
        }

        return input;
    }
}
