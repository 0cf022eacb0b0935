using System.Buffers.Text;

namespace IotOps.Defender.Linux;

/// <summary>How much memory is taken, from ROOT/meminfo. See proc_meminfo(5).</summary>
internal sealed class MemoryUse(ProcPaths paths)
{
    /// <summary>0-100; null when the kernel is older than 3.14 and does not say what is available.</summary>
    /// <exception cref="InvalidDataException">The file is not as the kernel writes it.</exception>
    public double? Usage()
    {
        long total = -1, available = -1;
        using var lines = new ProcLines(paths.FileSystem, paths.Memory);
        while ((total < 0 || available < 0) && lines.Next(out ReadOnlySpan<byte> line))
        {
            if (!TryRead(line, "MemTotal:"u8, ref total) || !TryRead(line, "MemAvailable:"u8, ref available))
            {
                throw lines.MalformedLine();
            }
        }

        return total > 0 && available >= 0 ? Math.Round(Math.Clamp(100.0 * (total - available) / total, 0, 100), 2) : null;
    }

    // False only where the line is the wanted one and has no number.
    private static bool TryRead(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref long kibibytes) =>
        !line.StartsWith(name) || Utf8Parser.TryParse(line[name.Length..].TrimStart((byte)' '), out kibibytes, out _);
}
