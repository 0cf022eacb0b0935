using System.Globalization;
using IotOps.Fuzz;

string? name = args.FirstOrDefault();
IFuzzTarget? target = FuzzTargets.All.FirstOrDefault(target => target.Name == name);
if (target is null || !TryRead(args[1..], out double minutes, out int seed, out bool save, out string? file))
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/fuzz -- TARGET [--minutes 10] [--seed 1] [--save] [--file PATH]

          --minutes  how long to mutate
          --seed     the same one gives the same input in the same order
          --save     puts short input that takes new ways into tests/fuzz/corpus/TARGET.txt
          --file     runs this input alone, such as a find of artifacts/fuzz

        """ + $"targets: {string.Join(' ', FuzzTargets.All.Select(static target => target.Name))}");
    return 2;
}

if (file is not null)
{
    string? problem = new Execution(target).Run(File.ReadAllBytes(file), out ulong way);
    Console.WriteLine(problem ?? $"no problem, way {way:x}");
    return problem is null ? 0 : 1;
}

var run = new FuzzRun(target, seed, FuzzTargets.CorpusDirectory, Path.Combine(FuzzTargets.Root, "artifacts", "fuzz"), Console.Out);
run.Go(TimeSpan.FromMinutes(minutes));
if (save)
{
    run.Save();
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: seed {seed}, {minutes} min, {run.Executions} executions, {run.Ways} ways, {run.Finds.Count} finds"));
return run.Finds.Count == 0 ? 0 : 1;

static bool TryRead(string[] options, out double minutes, out int seed, out bool save, out string? file)
{
    (minutes, seed, save, file) = (10, 1, false, null);
    bool isRight = true;
    for (int i = 0; i < options.Length; i++)
    {
        string? value = options[i] == "--save" || i + 1 == options.Length ? null : options[i + 1];
        switch (options[i])
        {
            case "--save":
                save = true;
                continue;
            case "--minutes":
                isRight &= double.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes > 0;
                break;
            case "--seed":
                isRight &= int.TryParse(value, CultureInfo.InvariantCulture, out seed);
                break;
            case "--file":
                file = value;
                isRight &= file is not null;
                break;
            default:
                return false;
        }

        i++;
    }

    return isRight;
}
