using System.Globalization;

namespace IotOps.Logs.Tests.Tail;

public sealed class ModelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(200_000)]
    public async Task Whatever_happens_to_the_files_no_readable_record_is_lost_and_none_comes_twice_without_a_crash(int firstSeed)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("IOTOPS_MODEL_RUNS") ?? "60", CultureInfo.InvariantCulture);
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            using var model = new TailModel(seed);
            try
            {
                await model.RunAsync(steps: 60);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e.Message}\n{model.History}\n{e.StackTrace}");
            }
        }
    }
}
