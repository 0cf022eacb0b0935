using System.Buffers.Binary;
using System.Text;
using IotOps.Logs.Journal;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tests.Journal;

public sealed class ExportReaderTests
{
    [Fact]
    public async Task Fields_of_text_and_bytes_make_an_entry()
    {
        byte[] export =
        [
            .. "__CURSOR=s=a;i=1\n__REALTIME_TIMESTAMP=1696161600123456\nPRIORITY=4\nSYSLOG_IDENTIFIER=app\n_PID=7\nMESSAGE\n"u8,
            3, 0, 0, 0, 0, 0, 0, 0, .. "a\nb\n\n"u8,
            .. "__CURSOR=s=a;i=2\n_COMM=sh\nMESSAGE=x=y\n\n"u8,
            .. "__CURSOR=s=a;i=3\nPRIORITY=9\n\n"u8,
        ];
        JournalEntry[] entries = await ReadAsync(export, 1);
        entries.Select(static e => (e.Cursor, e.Time, e.Level, Encoding.UTF8.GetString(e.Text))).ShouldBe(
        [
            ("s=a;i=1", 1696161600123, LogLevel.Warning, "app[7]: a\nb"),
            ("s=a;i=2", 0, null, "sh: x=y"),
            ("s=a;i=3", 0, null, ""),
        ]);
    }

    [Fact]
    public async Task An_entry_that_the_end_cuts_is_none()
    {
        byte[] export = [.. "__CURSOR=1\nMESSAGE=one\n\n__CURSOR=2\nMESSAGE=two\n"u8];
        for (int length = 0; length <= export.Length; length++)
        {
            (await ReadAsync(export[..length], 7)).Length.ShouldBe(length >= 24 ? 1 : 0);
        }
    }

    [Fact]
    public async Task Of_a_value_that_is_too_long_the_beginning_is_kept_and_the_next_entry_is_found()
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, 1_000_000);
        byte[] export =
        [
            .. "__CURSOR=1\nMESSAGE="u8, .. Enumerable.Repeat((byte)'x', 1_000_000), .. "\n\n"u8,
            .. "__CURSOR=2\nMESSAGE\n"u8, .. length, .. Enumerable.Repeat((byte)'\n', 1_000_000), .. "\n\n__CURSOR=3\nMESSAGE=z\n\n"u8,
        ];
        JournalEntry[] entries = await ReadAsync(export, 1000, longest: 500);
        entries.Select(static e => e.Cursor).ShouldBe(["1", "2", "3"]);
        entries[1].Text.Length.ShouldBe(500);
    }

    [Fact]
    public async Task Whatever_the_values_and_the_pieces_every_entry_is_read_as_it_was_written()
    {
        var random = new Random(20261130);
        for (int run = 0; run < 200; run++)
        {
            using var export = new MemoryStream();
            List<byte[]> messages = [];
            int count = random.Next(5);
            for (int i = 0; i < count; i++)
            {
                byte[] message = new byte[random.Next(1, 300)];
                for (int j = 0; j < message.Length; j++)
                {
                    message[j] = "ab=\n_ "u8[random.Next(6)];
                }

                messages.Add(message);
                byte[] length = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, message.Length);
                bool isText = !message.Contains((byte)'\n');
                export.Write(Encoding.UTF8.GetBytes($"__CURSOR={i}\n"));
                export.Write(isText ? [.. "MESSAGE="u8, .. message, .. "\n\n"u8] : [.. "MESSAGE\n"u8, .. length, .. message, .. "\n\n"u8]);
            }

            JournalEntry[] entries = await ReadAsync(export.ToArray(), random.Next(1, 50));
            entries.Select(static e => Encoding.UTF8.GetString(e.Text)).ShouldBe(messages.Select(static m => Encoding.UTF8.GetString(m)));
        }
    }

    private static async Task<JournalEntry[]> ReadAsync(byte[] export, int pieces, int longest = 1 << 20)
    {
        using var stream = new PiecewiseStream(export, pieces);
        var reader = new ExportReader(stream, longest);
        List<JournalEntry> entries = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } entry)
        {
            entries.Add(entry);
        }

        return [.. entries];
    }

    private sealed class PiecewiseStream(byte[] content, int most) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
