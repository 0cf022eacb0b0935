using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace IotOps.HouseTests;

/// <summary>A hundred event ids for each package, as docs/event-ids.md gives them out, so that an alarm on an id means one thing.</summary>
public sealed partial class EventIds
{
    private static readonly Dictionary<string, int> Hundreds = Row()
        .Matches(Repository.Read("docs", "event-ids.md"))
        .ToDictionary(row => row.Groups["package"].Value, row => int.Parse(row.Groups["first"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Fact]
    public void No_two_packages_have_the_same_hundred()
    {
        Hundreds.ShouldNotBeEmpty();
        Hundreds.Values.ShouldBeUnique();
        Hundreds.Values.ShouldAllBe(first => first % 100 == 0);
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_package_logs_events_of_its_own_hundred_and_each_id_once(string project)
    {
        (string Method, int Id)[] events = [.. Events(project)];
        if (events.Length == 0)
        {
            return;
        }

        Hundreds.ShouldContainKey(project, $"{project} logs and has no hundred: give it one in docs/event-ids.md.");
        events.Where(logged => logged.Id / 100 != Hundreds[project] / 100).ShouldBeEmpty();
        events.GroupBy(logged => logged.Id).Where(same => same.Count() > 1).SelectMany(same => same).ShouldBeEmpty();
    }

    [Fact]
    public void The_attributes_are_found() => Events("IotOps.Shadow").Select(logged => logged.Id).ShouldContain(600);

    private static IEnumerable<(string Method, int Id)> Events(string project) =>
        from type in Assembly.Load(project).GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let logged = method.GetCustomAttribute<LoggerMessageAttribute>()
        where logged is not null
        select ($"{type.FullName}.{method.Name}", logged.EventId);

    [GeneratedRegex(@"^\| (?<first>\d+)-\d+ \| (?<package>IotOps\.[\w.]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
