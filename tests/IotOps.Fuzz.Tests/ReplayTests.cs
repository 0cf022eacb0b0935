namespace IotOps.Fuzz.Tests;

/// <summary>Whatever fuzzing found once, and kept, is read as promised.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Kept_input_breaks_no_promise(string name)
    {
        IFuzzTarget target = FuzzTargets.All.Single(target => target.Name == name);
        var execution = new Execution(target);
        byte[][] inputs = [[], .. target.Seeds, .. Corpus.Read(FuzzTargets.CorpusDirectory, target)];

        inputs.Select(input => (Input: Convert.ToBase64String(input), Problem: execution.Run(input, out _))).Where(static run => run.Problem is not null).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Good_input_takes_ways_of_its_own(string name)
    {
        IFuzzTarget target = FuzzTargets.All.Single(target => target.Name == name);

        target.Seeds.Select(target.Run).Distinct().Count().ShouldBeGreaterThan(1);
    }
}
