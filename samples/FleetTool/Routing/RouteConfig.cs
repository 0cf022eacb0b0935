using System.Text;
using IotOps.Fleet;
using IotOps.Samples.Configuration;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>What goes where.</summary>
internal sealed record RouteConfig
{
    // A message has the field or has it not.
    private static readonly byte[] Everything = """{"$or":[{"eventType":[{"exists":true}]},{"eventType":[{"exists":false}]}]}"""u8.ToArray();

    public string? Queue { get; private init; }

    public IReadOnlyList<ConfiguredRoute> Routes { get; private init; } = [];

    public AlarmConfig? Alarms { get; private init; }

    public static RouteConfig Read(ConfigReader reader)
    {
        AlarmConfig? alarms = reader.Has("alarms") ? AlarmConfig.Read(reader.Object("alarms")) : null;
        List<ConfiguredRoute> routes = [];
        foreach (ConfigReader route in reader.Objects("routes"))
        {
            routes.AddRange(ReadRoute(route, hasAlarms: alarms is not null));
        }

        if (routes.Count == 0)
        {
            reader.Problem("routes", "must have a route: what is to be done with the messages?");
        }

        return new RouteConfig { Queue = reader.String("queue"), Routes = routes, Alarms = alarms };
    }

    private static List<ConfiguredRoute> ReadRoute(ConfigReader reader, bool hasAlarms)
    {
        string name = reader.RequiredString("name", "it names the route in the log");
        string? machine = reader.String("startExecution");
        bool isAlarm = reader.Boolean("alarm", otherwise: false), isPrinted = reader.Boolean("print", otherwise: false);
        if ((machine is null ? 0 : 1) + (isAlarm ? 1 : 0) + (isPrinted ? 1 : 0) != 1)
        {
            reader.Problem("name", "must have one of startExecution: 'ARN', alarm: true and print: true");
        }

        if (isAlarm && !hasAlarms)
        {
            reader.Problem("alarm", "needs 'alarms', which says where alarms go");
        }

        IReadOnlyList<byte[]> patterns = reader.Json("patterns");
        for (int i = 0; i < patterns.Count; i++)
        {
            if (!EventPattern.TryParse(Encoding.UTF8.GetString(patterns[i]), out _, out EventPatternProblem? problem))
            {
                reader.Problem("patterns", i, problem.ToString());
            }
        }

        return patterns.Count == 0
            ? [new ConfiguredRoute(name, Everything, machine, isAlarm)]
            : [.. patterns.Select((pattern, i) => new ConfiguredRoute(patterns.Count == 1 ? name : $"{name}/{i + 1}", pattern, machine, isAlarm))];
    }
}
