using System.Text;

namespace IotOps.Fleet.Tests.Trail;

public sealed class WriterTests
{
    private static readonly string[] Originals = ["{\"eventID\":\"a\",\n \"x\":\"\\n\"}", """{"eventID":"b","n":1.50,"é":"\u00e9"}"""];

    [Fact]
    public async Task A_written_file_reads_back_byte_for_byte()
    {
        byte[] file = await WriteAsync(CloudTrailFileFormat.Records);

        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(file, "a.json");

        records.Select(record => Records.Text(record.Json)).ShouldBe(Originals);
        reader.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lines_hold_one_record_each()
    {
        string[] lines = Encoding.UTF8.GetString(await WriteAsync(CloudTrailFileFormat.Lines)).Split('\n');

        lines.ShouldBe([Originals[0].Replace('\n', ' '), Originals[1], ""]);
    }

    [Fact]
    public async Task A_file_without_records_is_a_file()
    {
        var target = new MemoryStream();
        await using (new CloudTrailWriter(target, CloudTrailFileFormat.Records))
        {
        }

        Encoding.UTF8.GetString(target.ToArray()).ShouldBe("""{"Records":[]}""");
    }

    private static async Task<byte[]> WriteAsync(CloudTrailFileFormat format)
    {
        var target = new MemoryStream();
        await using (var writer = new CloudTrailWriter(target, format))
        {
            foreach (string original in Originals)
            {
                await writer.WriteAsync(CloudTrailRecord.Parse(Encoding.UTF8.GetBytes(original)), TestContext.Current.CancellationToken);
            }

            await writer.CompleteAsync(TestContext.Current.CancellationToken);
            writer.Count.ShouldBe(2);
        }

        return target.ToArray();
    }
}
