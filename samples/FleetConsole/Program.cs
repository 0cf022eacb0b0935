using IotOps.Samples.FleetConsole;

await using WebApplication app = ConsoleHost.Build(new ConsoleSettings());
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Listening on {app.Urls.First()}"));
await app.RunAsync();
return 0;
