using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using IotOps.Archive;

namespace IotOps.Soak.Archive;

/// <summary>
/// Zips at the sizes where the format changes: one entry beyond 4 GiB of unknown size, stored so that its compressed size needs 64 bits too,
/// and one whose header lies behind it; and more entries than the old directory counts.
/// </summary>
internal sealed class ZipSoak(int megabytes, int entries)
{
    private const int PieceBytes = 1_000_000;
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    public async Task<bool> RunAsync()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("iotops-zip-");
        try
        {
            string large = Path.Combine(directory.FullName, "large.zip");
            string many = Path.Combine(directory.FullName, "many.zip");
            await WriteLargeAsync(large);
            await WriteManyAsync(many);
            return await ReadAsync(large, 2) & await ReadAsync(many, entries);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task WriteLargeAsync(string path)
    {
        await using FileStream output = File.Create(path);
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Profile = DeflateProfile.Stored });
        zip.OpenEntry("large.bin", Noon);
        byte[] piece = new byte[PieceBytes];
        var random = new Random(1);
        for (int i = 0; i < megabytes; i++)
        {
            random.NextBytes(piece.AsSpan(0, 1_000));
            await zip.WriteAsync(piece);
        }

        await zip.CloseEntryAsync();
        zip.OpenEntry("behind.log", Noon);
        await zip.WriteAsync("behind\n"u8.ToArray());
        await zip.CloseEntryAsync();
        await zip.CompleteAsync();
        Console.WriteLine($"{path}: {zip.Entries[0].Length} plain bytes, {zip.Entries[0].CompressedLength} in the zip, the next entry at {zip.Entries[1].HeaderOffset}");
    }

    private async Task WriteManyAsync(string path)
    {
        await using FileStream output = File.Create(path);
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Profile = DeflateProfile.Fast });
        for (int i = 0; i < entries; i++)
        {
            zip.OpenEntry($"{i / 1_000:0000}/{i:0000000}.log", Noon);
            await zip.WriteAsync(Encoding.ASCII.GetBytes($"{{\"record\":{i}}}\n"));
            await zip.CloseEntryAsync();
        }

        await zip.CompleteAsync();
        Console.WriteLine($"{path}: {zip.Entries.Count} entries, {zip.BytesWritten} bytes");
    }

    // Each reader inflates everything and holds it to sizes and CRC-32.
    private static async Task<bool> ReadAsync(string zip, int count)
    {
        const string Python = "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; assert len(z.namelist())==int(sys.argv[2])";
        bool good = await ReadByDotNetAsync(zip, count);
        good &= await RunAsync("unzip", ["-tqq", zip]);
        good &= await RunAsync("7z", ["t", "-bd", zip]);
        good &= await RunAsync("bsdtar", ["-tf", zip]);
        good &= await RunAsync("sh", ["-c", "cat \"$0\" | bsdtar -xOf - >/dev/null", zip]);
        good &= await RunAsync("python3", ["-c", Python, zip, $"{count}"]);
        return good;
    }

    private static async Task<bool> ReadByDotNetAsync(string zip, int count)
    {
        await using ZipArchive archive = await ZipFile.OpenReadAsync(zip);
        byte[] buffer = new byte[PieceBytes];
        bool good = archive.Entries.Count == count;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            await using Stream content = await entry.OpenAsync();
            long length = 0;
            int read;
            while ((read = await content.ReadAsync(buffer)) > 0)
            {
                length += read;
            }

            good &= length == entry.Length;
        }

        Console.WriteLine($"  .NET ZipArchive: {(good ? "good" : "BAD")}");
        return good;
    }

    // A reader that is not here is told and passed over.
    private static async Task<bool> RunAsync(string program, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = await process.StandardError.ReadToEndAsync();
            await output;
            await process.WaitForExitAsync();
            Console.WriteLine($"  {program} {string.Join(' ', arguments.Where(argument => argument.Length < 60))}: {(process.ExitCode == 0 ? "good" : $"BAD ({process.ExitCode}) {error}")}");
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"  {program}: not on this machine");
            return true;
        }
    }
}
