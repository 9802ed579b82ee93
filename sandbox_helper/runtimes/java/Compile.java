/*
 * What the profile of Java compiles with: javac, but a public class may have
 * any name, as it may when java itself is given a source.  What comes of it is
 * one archive that knows its main class: the first with a main(), or the first.
 */

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.util.List;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;


public class Compile {

    static class Source extends ForwardingJavaFileObject<JavaFileObject> {

        Source(JavaFileObject file) {
            super(file);
        }

        @Override
        public boolean isNameCompatible(String name, Kind kind) {
            return true;
        }
    }


    static boolean starts(ClassTree type) {
        for (Tree member : type.getMembers()) {
            if (member instanceof MethodTree
                && ((MethodTree) member).getName().contentEquals("main"))
            {
                return true;
            }
        }

        return false;
    }


    static String mainClass(CompilationUnitTree unit) {
        ClassTree found = null;

        for (Tree type : unit.getTypeDecls()) {
            if (!(type instanceof ClassTree)) {
                continue;
            }

            if (starts((ClassTree) type)) {
                found = (ClassTree) type;
                break;
            }

            if (found == null) {
                found = (ClassTree) type;
            }
        }

        if (found == null) {
            return null;
        }

        return unit.getPackageName() == null
               ? found.getSimpleName().toString()
               : unit.getPackageName() + "." + found.getSimpleName();
    }


    static int archive(String main) {
        return java.util.spi.ToolProvider.findFirst("jar").get()
            .run(System.out, System.err, "--create", "--no-compress",
                 "--file", "program.jar", "--main-class", main,
                 "-C", "classes", ".");
    }


    public static void main(String[] args) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files =
            javac.getStandardFileManager(null, null, null);

        JavaFileObject source =
            new Source(files.getJavaFileObjects(args[0]).iterator().next());

        JavacTask task =
            (JavacTask) javac.getTask(null, files, null,
                                      List.of("-d", "classes"), null,
                                      List.of(source));

        /* Now: generating empties the trees. */

        String main = mainClass(task.parse().iterator().next());

        if (main == null) {
            System.err.println(args[0] + ": there is no class in it");
        }

        if (!task.generate().iterator().hasNext() || main == null) {
            System.exit(1);
        }

        System.exit(archive(main));
    }
}
