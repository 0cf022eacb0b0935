using IotOps.Defender.State;
using IotOps.Defender.Tests.Collector;
using IotOps.TestKit;

namespace IotOps.Defender.Tests;

[Collection(UnixModes.Collection)]
public sealed class StatePermissionTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeProc _proc = new();
    private readonly TestLogger _log = new();

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    public void Counters_ids_and_alarms_are_their_owners_alone_whatever_the_umask(string umask)
    {
        using var modes = new UnixModes(umask);
        var collector = new MetricsCollector(_proc.Options with { StateFile = _directory["agent/defender/baseline"], LoggerFactory = _log });
        collector.Accept(collector.Collect(new DefenderReportBuilder()));
        new ReportIds(_directory["agent/ids/last"], logger: _log).Next();
        var evaluator = new SecurityProfileEvaluator(new SecurityProfileEvaluatorOptions
        {
            ThingName = "t",
            Profile = SecurityProfile.Parse("""{"securityProfileName":"p","behaviors":[{"name":"b","metric":"aws:num-listening-tcp-ports","criteria":{"comparisonOperator":"less-than","value":{"count":5}}}]}"""u8.ToArray()),
            StateFile = _directory["agent/alarms/state"],
            LoggerFactory = _log,
        });
        evaluator.Evaluate(collector.Collect());
        Directory.GetFiles(_directory["agent"], "*", SearchOption.AllDirectories).Length.ShouldBe(3);
        UnixModes.OpenToOthers(_directory["agent"]).ShouldBeEmpty();
        _log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_of_an_older_version_is_closed_when_it_is_read_and_its_directory_stays_as_it_is()
    {
        new ReportIds(_directory["last"]).Next();
        UnixModes.Set(_directory["last"], "644");
        UnixModes.Set(_directory.Path, "755");
        _ = new ReportIds(_directory["last"], logger: _log);
        UnixModes.OpenToOthers(_directory.Path).ShouldBe([$"{_directory.Path} 0755"]);
        _log.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("775", 1)]
    [InlineData("1777", 1)]
    [InlineData("755", 0)]
    public void A_directory_in_which_others_may_write_is_named(string mode, int warnings)
    {
        UnixModes.Set(_directory.Path, mode);
        _ = new ReportIds(_directory["last"], logger: _log);
        _log.Entries.Count.ShouldBe(warnings);
        _log.Entries.ShouldAllBe(entry => entry.Message.Contains(_directory.Path) && entry.Message.Contains("chmod"));
        UnixModes.Get(_directory.Path).ShouldBe(mode);
        File.Exists(_directory["last"]).ShouldBeFalse();
        new StateFile(_directory["last"], new FaultyFileSystem()).Read().ShouldBeNull();
    }

    public void Dispose()
    {
        _directory.Dispose();
        _proc.Dispose();
    }
}
