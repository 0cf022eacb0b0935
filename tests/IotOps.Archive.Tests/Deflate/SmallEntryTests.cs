using System.IO.Compression;
using System.Text;
using IotOps.Archive.Deflate;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Deflate;

/// <summary>Entries of one block: nothing else makes them smaller, so they are never larger than what .NET makes of them.</summary>
public sealed class SmallEntryTests
{
    [Fact]
    public async Task No_small_file_takes_more_than_ZipArchive_takes()
    {
        foreach ((string name, byte[] content) in Files())
        {
            (await CompressedAsync(content)).ShouldBeLessThanOrEqualTo(Optimal(content), name);
        }
    }

    [Fact]
    public async Task Source_code_that_looks_like_a_repetitive_log_takes_no_more_either()
    {
        // As in generated tables of weights: lines that come again, with a number and a sign that do not.
        var random = new Random(4);
        var text = new StringBuilder("TABLE = {\n");
        for (int i = 0; i < 60; i++)
        {
            text.Append($"    {i}: {{  # '{(char)('А' + i)}'\n");
            for (int k = 0; k < 60; k++)
            {
                text.Append($"        {k}: {random.Next(4)},  # '{(char)('А' + k)}'\n");
            }

            text.Append("    },\n");
        }

        byte[] content = Encoding.UTF8.GetBytes(text.ToString());

        (await CompressedAsync(content)).ShouldBeLessThanOrEqualTo(Optimal(content));
    }

    [Fact]
    public async Task What_does_not_shrink_is_stored()
    {
        byte[] random = Content.Random(100_000);

        (await CompressedAsync(random)).ShouldBe(random.Length);
    }

    // Assemblies of pinned packages, and text of every length.
    private static IEnumerable<(string Name, byte[] Content)> Files()
    {
        foreach (Type type in new[] { typeof(FsCheck.Config), typeof(Should), typeof(Amazon.AWSConfigs) })
        {
            byte[] assembly = File.ReadAllBytes(type.Assembly.Location);
            yield return (type.Assembly.Location, assembly[..Math.Min(assembly.Length, 900_000)]);
        }

        foreach (int length in new[] { 1, 30, 100, 1_000, 5_000, 32_768, 32_769, 60_000, 200_000 })
        {
            yield return ($"lines of {length}", Content.Lines(length));
            yield return ($"repetition of {length}", Content.Repetitive(length, 60, 5));
            yield return ($"zeros of {length}", new byte[length]);
        }
    }

    private static int Optimal(byte[] content)
    {
        byte[] zlib = new byte[(2 * content.Length) + 64];
        return Math.Min(content.Length, ZlibBlock.Encode(content, zlib, zlib.Length, CompressionLevel.Optimal, final: true));
    }

    private static async Task<long> CompressedAsync(byte[] content)
    {
        var output = new MemoryStream();
        await using var zip = new ZipStreamWriter(output);
        zip.OpenEntry("entry", DateTimeOffset.UnixEpoch);
        await zip.WriteAsync(content);
        await zip.CloseEntryAsync();
        await zip.CompleteAsync();

        using var reader = new ZipArchive(output, ZipArchiveMode.Read);
        var read = new MemoryStream();
        await using (Stream entry = await reader.Entries[0].OpenAsync())
        {
            await entry.CopyToAsync(read);
        }

        read.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
        return reader.Entries[0].CompressedLength;
    }
}
