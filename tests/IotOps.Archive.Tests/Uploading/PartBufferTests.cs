using IotOps.Archive.Uploading;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Uploading;

public sealed class PartBufferTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(100, 3_000_000, false)]
    [InlineData(33 << 20, 3_000_000, true)]
    [InlineData(100, 35_000_000, true)]
    public async Task Bytes_come_back_as_often_as_asked_from_memory_or_from_disk(long expected, int length, bool onDisk)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        using (var buffer = new PartBuffer(_directory.Path, expected))
        {
            for (int at = 0; at < length; at += 777_777)
            {
                await buffer.AppendAsync(content.AsMemory(at, Math.Min(777_777, length - at)), CancellationToken.None);
            }

            (buffer.IsOnDisk, buffer.Length).ShouldBe((onDisk, length));
            for (int i = 0; i < 2; i++)
            {
                await using Stream read = buffer.OpenRead();
                using var copy = new MemoryStream();
                await read.CopyToAsync(copy);
                copy.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
            }
        }

        Directory.GetFiles(_directory.Path).ShouldBeEmpty("the file goes with the buffer");
    }
}
