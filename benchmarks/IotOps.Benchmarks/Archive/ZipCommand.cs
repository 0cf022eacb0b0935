using System.Globalization;
using System.IO.Compression;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// Whole processes to time beside zip, pigz, 7z and Python: a directory into one zip, an entry a file.
/// <c>zip DIR OUT.zip --profile P --threads N</c> is ours, <c>zip-archive DIR OUT.zip --level L</c> .NET's ZipArchive. Each prints what it took.
/// </summary>
internal static class ZipCommand
{
    private const int CopyBytes = 1 << 20;
    private static readonly DateTimeOffset When = new(2023, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string[] args)
    {
        string directory = args[1];
        string target = args[2];
        string[] files = [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        long began = TimeProvider.System.GetTimestamp();
        await (args[0] == "zip" ? ZipAsync(directory, target, files, args) : ZipArchiveAsync(directory, target, files, args));
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        long plain = files.Sum(file => new FileInfo(file).Length);
        long zipped = new FileInfo(target).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(' ', args[3..])}: {files.Length} files, {plain / 1e6:0.0} MB -> {zipped / 1e6:0.0} MB (ratio {(double)plain / zipped:0.00}) in {seconds:0.000} s, {plain / 1e6 / seconds:0} MB/s"));
        return 0;
    }

    private static async Task ZipAsync(string directory, string target, string[] files, string[] args)
    {
        var options = new ZipStreamWriterOptions
        {
            Profile = Enum.Parse<DeflateProfile>(Option(args, "--profile") ?? nameof(DeflateProfile.Balanced), ignoreCase: true),
            Threads = int.Parse(Option(args, "--threads") ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        };
        bool splice = args.Contains("--splice");
        byte[] buffer = new byte[CopyBytes];
        await using FileStream output = File.Create(target, bufferSize: 0);
        await using var zip = new ZipStreamWriter(output, options);
        foreach (string file in files)
        {
            await using FileStream content = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            string name = Path.GetRelativePath(directory, file);
            zip.OpenEntry(splice && name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name, When);
            if (splice)
            {
                await zip.AppendGzipAsync(content);
            }
            else
            {
                int read;
                while ((read = await content.ReadAsync(buffer)) > 0)
                {
                    await zip.WriteAsync(buffer.AsMemory(0, read));
                }
            }

            await zip.CloseEntryAsync();
        }

        await zip.CompleteAsync();
    }

    private static async Task ZipArchiveAsync(string directory, string target, string[] files, string[] args)
    {
        var level = Enum.Parse<CompressionLevel>(Option(args, "--level") ?? nameof(CompressionLevel.Optimal), ignoreCase: true);
        bool gunzip = args.Contains("--gunzip");
        await using FileStream output = File.Create(target, bufferSize: 0);
        await using var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null);
        foreach (string file in files)
        {
            await using FileStream content = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            ZipArchiveEntry entry = zip.CreateEntry(Path.GetRelativePath(directory, file), level);
            await using Stream entryContent = await entry.OpenAsync();
            await using Stream plain = gunzip ? new GZipStream(content, CompressionMode.Decompress) : content;
            await plain.CopyToAsync(entryContent, CopyBytes);
        }
    }

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and int index && index + 1 < args.Length ? args[index + 1] : null;
}
