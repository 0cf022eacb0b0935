using IotOps.TestKit;

namespace IotOps.Archive.Tests.Zip;

public sealed class ZipStreamWriterTests
{
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, DeflateProfile.Stored)]
    [InlineData(1, DeflateProfile.Fast)]
    [InlineData(2, DeflateProfile.Fast)]
    [InlineData(1, DeflateProfile.Balanced)]
    [InlineData(3, DeflateProfile.Balanced)]
    [InlineData(2, DeflateProfile.Smallest)]
    public async Task Entries_of_any_size_read_back(int threads, DeflateProfile profile)
    {
        (string Name, byte[] Content)[] sources =
        [
            .. new[] { 0, 1, 2, 100, 4_095, 4_096, 4_097, 8_192, 50_000, 200_001 }.Select(size => ($"lines/{size}.log", Content.Lines(size))),
            ("random.bin", Content.Random(100_000)),
        ];
        var output = new MemoryStream();
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Threads = threads, Profile = profile, BlockBytes = 4_096 });
        foreach ((string name, byte[] content) in sources)
        {
            zip.OpenEntry(name, Noon).ShouldBe(name);
            foreach (byte[] piece in content.Chunk(30_000))
            {
                await zip.WriteAsync(piece);
            }

            await zip.CloseEntryAsync();
        }

        await zip.CompleteAsync();

        zip.BytesWritten.ShouldBe(output.Length);
        List<(string Name, byte[] Content)> read = ZipReading.Read(output);
        read.Select(entry => entry.Name).ShouldBe(sources.Select(source => source.Name));
        for (int i = 0; i < sources.Length; i++)
        {
            read[i].Content.AsSpan().SequenceEqual(sources[i].Content).ShouldBeTrue(sources[i].Name);
        }
    }
}
