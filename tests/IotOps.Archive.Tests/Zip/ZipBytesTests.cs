namespace IotOps.Archive.Tests.Zip;

/// <summary>Small zips, byte for byte.</summary>
public sealed class ZipBytesTests
{
    // 2023-10-01 12:34:57 UTC: DOS date 0x5741, time 0x645C (two-second steps), Unix time 0x65196771.
    private static readonly DateTimeOffset When = new(2023, 10, 1, 14, 34, 57, TimeSpan.FromHours(2));
    private const string DosTime = "5C644157";
    private const string Timestamp = "555405000171671965";

    [Fact]
    public async Task An_entry_whose_size_is_known_has_it_in_its_header()
    {
        string zip = await ZipAsync(async writer =>
        {
            writer.OpenEntry("a", When);
            await writer.WriteAsync("hello"u8.ToArray());
            await writer.CloseEntryAsync();
        });

        const string Crc = "86A61036";
        zip.ShouldBe(
            "504B0304" + "1400" + "0008" + "0000" + DosTime + Crc + "05000000" + "05000000" + "0100" + "0900" + "61" + Timestamp + "68656C6C6F"
            + "504B0102" + "2D03" + "1400" + "0008" + "0000" + DosTime + Crc + "05000000" + "05000000" + "0100" + "0900" + "0000" + "0000" + "0000" + "0000A481"
            + "00000000" + "61" + Timestamp
            + "504B0506" + "0000" + "0000" + "0100" + "0100" + "38000000" + "2D000000" + "0000");
    }

    [Fact]
    public async Task An_entry_whose_size_is_unknown_says_so_in_64_bits_from_header_to_descriptor()
    {
        string zip = await ZipAsync(async writer =>
        {
            writer.OpenEntry("a", When);
            await writer.WriteAsync("hello"u8.ToArray());
            await writer.FlushAsync();
            await writer.CloseEntryAsync();
        });

        const string Crc = "86A61036";
        const string Content = "CA48CDC9C907000000FFFF" + "0300"; // fixed code, a sync flush, an empty last block
        zip.ShouldBe(
            "504B0304" + "2D00" + "0808" + "0800" + DosTime + "00000000" + "FFFFFFFF" + "FFFFFFFF" + "0100" + "1D00" + "61"
            + "01001000" + "0000000000000000" + "0000000000000000" + Timestamp
            + Content
            + "504B0708" + Crc + "0D00000000000000" + "0500000000000000"
            + "504B0102" + "2D03" + "2D00" + "0808" + "0800" + DosTime + Crc + "0D000000" + "05000000" + "0100" + "0900" + "0000" + "0000" + "0000" + "0000A481"
            + "00000000" + "61" + Timestamp
            + "504B0506" + "0000" + "0000" + "0100" + "0100" + "38000000" + "61000000" + "0000");
    }

    [Fact]
    public async Task A_zip_of_nothing_is_the_end_of_a_directory() =>
        (await ZipAsync(_ => ValueTask.CompletedTask)).ShouldBe("504B0506" + string.Concat(Enumerable.Repeat("00", 18)));

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", "00002100", true)]
    [InlineData("1979-12-31T23:59:59Z", "00002100", true)]
    [InlineData("2038-01-19T03:14:08Z", "C4193374", false)]
    [InlineData("2200-01-01T00:00:00Z", "7DBF9FFF", false)]
    public async Task Times_that_a_field_cannot_say_are_the_nearest_or_left_out(string time, string dos, bool timestamp)
    {
        string zip = await ZipAsync(async writer =>
        {
            writer.OpenEntry("a", DateTimeOffset.Parse(time));
            await writer.CloseEntryAsync();
        });

        zip[20..28].ShouldBe(dos);
        zip.Contains("5554050001", StringComparison.Ordinal).ShouldBe(timestamp);
    }

    [Fact]
    public async Task The_directory_beyond_4_GiB_and_65535_entries_is_told_in_64_bits()
    {
        var entry = new ZipEntry
        {
            Name = "a",
            LastWriteTime = When,
            Crc32 = 0x01020304,
            Length = 0x1_0000_0005,
            CompressedLength = 7,
            HeaderOffset = 0x2_0000_0006,
            IsStored = false,
            HasDescriptor = true,
        };
        var output = new MemoryStream();
        long written = await ZipDirectory.WriteAsync(output, [entry], 0x3_0000_0000);

        written.ShouldBe(output.Length);
        Hex(output).ShouldBe(
            "504B0102" + "2D03" + "2D00" + "0808" + "0800" + DosTime + "04030201" + "07000000" + "FFFFFFFF" + "0100" + "1D00" + "0000" + "0000" + "0000" + "0000A481"
            + "FFFFFFFF" + "61" + "01001000" + "0500000001000000" + "0600000002000000" + Timestamp
            + "504B0606" + "2C00000000000000" + "2D03" + "2D00" + "00000000" + "00000000" + "0100000000000000" + "0100000000000000" + "4C00000000000000" + "0000000003000000"
            + "504B0607" + "00000000" + "4C00000003000000" + "01000000"
            + "504B0506" + "0000" + "0000" + "0100" + "0100" + "4C000000" + "FFFFFFFF" + "0000");
    }

    [Theory]
    [InlineData(65_534, false)]
    [InlineData(65_535, true)]
    public async Task The_count_of_entries_decides_by_itself(int count, bool wide)
    {
        ZipEntry[] entries = [.. Enumerable.Range(0, count).Select(i => new ZipEntry
        {
            Name = $"{i}", LastWriteTime = When, Crc32 = 0, Length = 0, CompressedLength = 0, HeaderOffset = 0, IsStored = true, HasDescriptor = false,
        })];
        var output = new MemoryStream();
        await ZipDirectory.WriteAsync(output, entries, 0);

        output.ToArray().AsSpan().IndexOf("PK\x06\x06"u8).ShouldBe(wide ? (int)output.Length - 22 - 20 - 56 : -1);
    }

    private static async Task<string> ZipAsync(Func<ZipStreamWriter, ValueTask> write)
    {
        var output = new MemoryStream();
        await using var writer = new ZipStreamWriter(output);
        await write(writer);
        await writer.CompleteAsync();
        return Hex(output);
    }

    private static string Hex(MemoryStream bytes) => Convert.ToHexString(bytes.ToArray());
}
