using System.Text;
using IotOps.TestKit;

namespace IotOps.Fuzz.Tests;

/// <summary>The fuzzer itself, over readers with faults.</summary>
public sealed class FuzzRunTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_fault_is_found_told_once_and_made_short()
    {
        FuzzRun run = Run(static input => input.AsSpan().IndexOf("Bg"u8) >= 0 ? throw new InvalidOperationException("found") : (ulong)input.Length);

        run.Finds.ShouldHaveSingleItem().Key.ShouldStartWith("InvalidOperationException");
        File.ReadAllText(Directory.GetFiles(_directory["faulty"]).ShouldHaveSingleItem()).ShouldBe("Bg");
    }

    [Fact]
    public void A_broken_promise_and_memory_without_measure_are_finds()
    {
        Run(static input => input.Length > 5 ? throw new BrokenPromiseException("five bytes: no more") : 0UL).Finds.Keys.ShouldBe(["BrokenPromiseException five bytes"]);
        Run(static input => input is [7, ..] ? (ulong)new byte[100 << 20].Length : 0).Finds.Keys.ShouldHaveSingleItem().ShouldStartWith("Memory");
    }

    [Fact]
    public void One_seed_gives_the_same_input_in_the_same_order()
    {
        var first = new List<string>();
        var second = new List<string>();

        Run(input => Note(first, input));
        Run(input => Note(second, input));

        first.Count.ShouldBe(3_000);
        first.ShouldBe(second);
        first.Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(2_000);
    }

    [Fact]
    public void Input_that_takes_a_new_way_is_mutated_further_and_kept_beside_the_sources()
    {
        FuzzRun run = Run(static input => (ulong)Math.Min(input.AsSpan().IndexOfAnyExcept((byte)0x20) is var length and >= 0 ? length : input.Length, 40));

        run.Ways.ShouldBeGreaterThan(20);
        run.Save();
        Corpus.Read(_directory.Path, new Faulty(static _ => 0)).Count().ShouldBeInRange(20, 40);
    }

    private static ulong Note(List<string> inputs, byte[] input)
    {
        inputs.Add(Convert.ToBase64String(input));
        return (ulong)(input.Length / 8);
    }

    private FuzzRun Run(Func<byte[], ulong> read)
    {
        var run = new FuzzRun(new Faulty(read), seed: 5, _directory.Path, _directory.Path, TextWriter.Null);
        run.Go(TimeSpan.MaxValue, most: 3_000);
        return run;
    }

    private sealed class Faulty(Func<byte[], ulong> read) : IFuzzTarget
    {
        public string Name => "faulty";

        public IEnumerable<byte[]> Seeds => [Encoding.UTF8.GetBytes("seed")];

        public IEnumerable<byte[]> Words => [Encoding.UTF8.GetBytes("ABg")];

        public ulong Run(byte[] input) => read(input);
    }
}
