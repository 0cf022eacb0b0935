using System.IO.Compression;
using System.Text;
using IotOps.Archive.Exporting;
using IotOps.Archive.Fetching;
using IotOps.Archive.Tests.Fetching;
using IotOps.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive.Tests.Exporting;

public sealed class SourceMergerTests
{
    [Theory]
    [InlineData("one\ntwo\nthree\n")]
    [InlineData("one\ntwo\nthree")]
    [InlineData("\n")]
    [InlineData("x")]
    public async Task Plain_text_that_is_gone_on_with_anywhere_gets_the_rest_and_its_last_newline(string content)
    {
        for (int skip = 0; skip <= content.Length; skip++)
        {
            var counts = new EntryCounts();

            string merged = await MergeAsync(content, skip, counts);

            string wanted = content[skip..] + (content.EndsWith('\n') ? "" : "\n");
            merged.ShouldBe(wanted, $"gone on with at {skip}");
            counts.Records.ShouldBe(wanted.Count(c => c == '\n'), $"gone on with at {skip}");
        }
    }

    private static async Task<string> MergeAsync(string content, long skip, EntryCounts counts)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        var reader = new FakeReader((_, offset, _) => Task.FromResult<Stream>(new MemoryStream(bytes[(int)offset..])));
        var fetcher = new ObjectFetcher(
            reader, new Retries(AwsRetryOptions.None, TimeProvider.System, NullLogger.Instance, () => 0), TimeSpan.FromSeconds(30), TimeProvider.System);
        using var output = new MemoryStream();
        await using (var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Threads = 1 }))
        {
            zip.OpenEntry("x", DateTimeOffset.UnixEpoch);
            await using (var source = new FetchedObject(new LogObject("b", "k", bytes.Length, "e"), _ => { }))
            {
                source.Begin(fetcher, () => { }, CancellationToken.None);
                await new SourceMerger(new Target(zip), Path.GetTempPath()).MergeAsync(source, filter: null, MergedRecords.Wanted, skip, counts, CancellationToken.None);
            }

            await zip.CloseEntryAsync();
            await zip.CompleteAsync();
        }

        using var archive = new ZipArchive(new MemoryStream(output.ToArray()));
        using var text = new StreamReader(archive.Entries[0].Open());
        return await text.ReadToEndAsync();
    }

    private sealed class Target(ZipStreamWriter zip) : IMergeTarget
    {
        public ValueTask<ZipStreamWriter> OpenAsync(CancellationToken cancellationToken) => new(zip);

        public ValueTask ReachedAsync(long offset, CancellationToken cancellationToken) => default;
    }
}
